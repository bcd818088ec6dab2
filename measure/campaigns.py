"""Campaigns as people run them: a template that many send, each with edits of her own. Seeded; nothing is anybody's."""

import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Eighteen texts about invented matters; 1 and 2, and 3 and 4, take opposite sides of the same one.
TEMPLATES = (
    "Pido que el reglamento de mercados permita vender en la plaza los domingos. Muchas familias viven de esa venta "
    "y con el horario nuevo pierden el único día en que hay gente. Propongo un padrón y un cobro chico, no un cierre.",
    "Pido que el reglamento de mercados prohíba vender en la plaza los domingos. Los vecinos no podemos descansar con "
    "el ruido desde la madrugada y nadie recoge la basura. La plaza es de todos y debe quedar libre un día.",
    "Estoy a favor de la ciclovía en la avenida central porque da seguridad a quienes van al trabajo en bicicleta. "
    "Hoy se juegan la vida entre camiones. Pido que se construya con barrera y con semáforos propios.",
    "Estoy en contra de la ciclovía en la avenida central porque quita un carril a los camiones de pasajeros. Los "
    "comercios se quedan sin lugar para descargar. Pido que se haga en la calle paralela, que tiene menos tráfico.",
    "La tarifa del agua no debe subir sin que antes se arreglen las fugas. En mi colonia llevamos tres años con una "
    "fuga en la esquina y nadie viene. Que primero publiquen cuánta agua se pierde y después hablen de precios.",
    "Solicito que el programa de mejora incluya las ventanillas de los pueblos y no solo las de la cabecera. Para un "
    "trámite de diez minutos gastamos un día entero de camino. Una ventanilla móvil cada quince días bastaría.",
    "El nuevo requisito de la licencia de funcionamiento es imposible para un negocio familiar: piden un dictamen que "
    "cuesta más que lo que se gana en un mes. Propongo que se exima a los locales de menos de sesenta metros.",
    "Pedimos que el rastro municipal tenga un horario fijo y una báscula pública. Los introductores pequeños siempre "
    "pasamos al final y con menos peso. Con una báscula a la vista de todos se acaban los pleitos.",
    "Que se respete el arbolado de la alameda. El proyecto tira cuarenta fresnos para hacer un estacionamiento que "
    "nadie pidió. Si hacen falta lugares, hay un terreno municipal a dos calles. Los árboles tardan cincuenta años.",
    "El transporte escolar debe revisarse cada tres meses y no cada año. Hay unidades con los frenos gastados y sin "
    "cinturones que llevan a treinta niños. La revisión debe publicarse con el número económico de cada unidad.",
    "Propongo que las becas de la preparatoria se paguen al inicio del semestre. Cuando llega el dinero en noviembre "
    "mi hija ya dejó de ir porque no hubo para el camión. Es el mismo dinero, nada más antes.",
    "La agenda regulatoria no menciona a las personas sordas. Pedimos intérpretes en las audiencias y en el registro "
    "civil, y que los videos del gobierno lleven lengua de señas. Es un derecho y no un favor.",
    "Queremos que el panteón abra también por la tarde. Quienes trabajamos de lunes a sábado no podemos visitar a "
    "nuestros difuntos, y en noviembre la fila llega hasta la carretera. Con dos personas más se resuelve.",
    "Rechazo que la basura se recoja dos veces por semana en lugar de tres. En el verano huele y llegan las moscas. "
    "Si el problema es el gasto, que se separe en las casas y que el camión de lo orgánico pase diario.",
    "Que el registro de perros y gatos sea gratuito y que la esterilización se haga en las colonias. Cobrar por el "
    "registro solo logra que nadie registre. En el municipio vecino se hizo así y bajaron los abandonos.",
    "Los artesanos pedimos un reglamento que distinga lo hecho a mano de lo que se trae en contenedores. Un sello del "
    "municipio, con visita al taller, protege a quien trabaja el barro y dice la verdad al comprador.",
    "El horario de los bares debe terminar a la una entre semana. Vivimos junto a tres y los niños no duermen. No "
    "pedimos que cierren: pedimos que se cumpla el nivel de ruido que ya dice la norma y que haya a quién llamar.",
    "Antes de aprobar el plan de desarrollo urbano publiquen los mapas en un formato que se pueda leer. Los que están "
    "en la página no se amplían y no dicen qué cambia en cada manzana. Así nadie puede opinar con conocimiento.",
)
PLACES = (
    "Las Jacarandas",
    "San Miguel",
    "el Centro",
    "La Luz",
    "Los Fresnos",
    "Valle Hermoso",
    "La Obrera",
    "El Mirador",
)
OPENINGS = (
    "Buenas tardes.",
    "A quien corresponda:",
    "Soy vecina de {place} y escribo por primera vez.",
    "Buen día, vivo en {place} desde hace {n} años.",
    "Me sumo a lo que pide mi colonia.",
    "Como madre de familia de {place}, digo lo siguiente.",
)
CLOSINGS = (
    "Gracias por su atención.",
    "Atentamente, una ciudadana de {place}.",
    "Ojalá ahora sí nos escuchen.",
    "En {place} somos {n} familias que pensamos igual.",
    "Espero su respuesta. Saludos.",
    "Mi abuelo ya lo pedía hace {n} años.",
)
SYNONYMS = {
    "pido": "solicito",
    "pedimos": "solicitamos",
    "propongo": "sugiero",
    "queremos": "deseamos",
    "debe": "tiene que",
    "nadie": "ninguna persona",
    "muchas": "varias",
    "familias": "personas",
    "hoy": "actualmente",
    "solo": "únicamente",
    "gente": "clientela",
    "dinero": "recurso",
    "problema": "asunto",
    "vecinos": "habitantes",
    "niños": "menores",
}
FILLERS = ("además", "realmente", "también", "creo", "que", "favor", "verdad", "ahora", "mismo", "veras")
HEAVY = 0.1


@dataclass(frozen=True)
class Copy:
    """A sent copy: of which template, its text, and whether a third of its words were changed."""

    template: int
    text: str
    is_heavy: bool


def write_campaigns(count: int, seed: int) -> list[Copy]:
    """Return that many copies of the templates: a few campaigns are big and most are small."""
    rng = random.Random(seed)
    weights = [1 / (order + 1) for order in range(len(TEMPLATES))]
    chosen = rng.choices(range(len(TEMPLATES)), weights=weights, k=count)
    return [_copy(template, rng) for template in chosen]


def _copy(template: int, rng: random.Random) -> Copy:
    is_heavy = rng.random() < HEAVY
    text = TEMPLATES[template]
    text = _rewrite(text, rng) if is_heavy else _edit(text, rng)
    return Copy(template, text, is_heavy)


def _edit(text: str, rng: random.Random) -> str:
    """Apply from none to four of the edits that people make."""
    edits: Sequence[Callable[[str, random.Random], str]] = (
        _open,
        _close,
        _swap_words,
        _mistype,
        _drop_accents,
        _change_case,
        _move_sentence,
        _drop_sentence,
        _drop_marks,
    )
    for edit in rng.sample(edits, rng.randint(0, 4)):
        text = edit(text, rng)
    return text


def _rewrite(text: str, rng: random.Random) -> str:
    """Change a third of the words: other words, words left out, words put in."""
    words = text.split()
    for place in rng.sample(range(len(words)), len(words) // 3):
        kind = rng.random()
        if kind < 0.4:
            words[place] = rng.choice(FILLERS)
        elif kind < 0.7:
            words[place] = ""
        else:
            words[place] += " " + rng.choice(FILLERS)
    return _close(" ".join(word for word in words if word), rng)


def _fill(text: str, rng: random.Random) -> str:
    return text.format(place=rng.choice(PLACES), n=rng.randint(2, 60))


def _open(text: str, rng: random.Random) -> str:
    return f"{_fill(rng.choice(OPENINGS), rng)} {text}"


def _close(text: str, rng: random.Random) -> str:
    return f"{text} {_fill(rng.choice(CLOSINGS), rng)}"


def _swap_words(text: str, rng: random.Random) -> str:
    return " ".join(
        SYNONYMS[word.lower()] if word.lower() in SYNONYMS and rng.random() < 0.8 else word for word in text.split()
    )


def _mistype(text: str, rng: random.Random) -> str:
    letters = list(text)
    for place in rng.sample(range(1, len(letters) - 1), max(1, len(letters) // 60)):
        letters[place], letters[place - 1] = letters[place - 1], letters[place]
    return "".join(letters)


def _drop_accents(text: str, _rng: random.Random) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _change_case(text: str, rng: random.Random) -> str:
    return text.upper() if rng.random() < 0.5 else text.lower()


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in text.replace("?", ".").split(".") if sentence.strip()]


def _move_sentence(text: str, rng: random.Random) -> str:
    sentences = _sentences(text)
    rng.shuffle(sentences)
    return ". ".join(sentences) + "."


def _drop_sentence(text: str, rng: random.Random) -> str:
    sentences = _sentences(text)
    if len(sentences) > 2:
        sentences.pop(rng.randrange(len(sentences)))
    return ". ".join(sentences) + "."


def _drop_marks(text: str, _rng: random.Random) -> str:
    return text.replace(",", "").replace(".", "").replace(":", "")
