"""What people may be asked about themselves, after INEGI's catalogues; which of it a window asks is its own choice.

Every question is optional, with «prefiero no responder», and says in one sentence why it is asked. Sex and gender are
two questions. Pure.

Sources: INEGI, Censo de Población y Vivienda 2020 (sex, age, schooling, disability after the Washington Group's short
set, self-ascription); SCIAN México 2018, first level, grouped (sector); Catálogo Único de Claves de Áreas
Geoestadísticas (municipality). What is sensitive is so by article 3-X of the Ley General de Protección de Datos
Personales en Posesión de Sujetos Obligados; it is dissociated when it is handed in (article 16-IX).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from consulta.errors import Refused
from consulta.i18n.people_labels import PEOPLE
from consulta.i18n.text import N_, _

DECLINED = "declined"
# Of which edition the values are; a change of values is another edition.
CATALOGUE = "inegi-2020/1"


@dataclass(frozen=True)
class Question:
    """A question about who gives an opinion.

    Attributes:
        key: the column and the field.
        title: the question as it reads.
        why: one sentence, for whoever wonders why it is asked.
        values: the answers of the catalogue; empty for municipalities, which are a catalogue of their own.
        is_sensitive: whether the law calls the answer sensitive.
    """

    key: str
    title: str
    why: str
    values: tuple[str, ...] = ()
    is_sensitive: bool = False


def _values(key: str) -> tuple[str, ...]:
    return tuple(value for value in PEOPLE[key] if value != DECLINED)


MUNICIPALITY, ORGANIZATION_KIND = "municipality", "organization_kind"
ABOUT_PEOPLE: tuple[Question, ...] = (
    Question("sex", N_("Sexo"), N_("Para ver si se escucha por igual a mujeres y hombres."), _values("sex")),
    Question(
        "gender",
        N_("¿Con qué género se identifica?"),
        N_("Para ver si opinan personas de todos los géneros; es distinto del sexo."),
        _values("gender"),
        is_sensitive=True,
    ),
    Question("age_group", N_("Edad"), N_("Para ver si opinan jóvenes y personas mayores."), _values("age_group")),
    Question(MUNICIPALITY, N_("Municipio donde vive"), N_("Para ver de qué lugares faltan voces.")),
    Question(
        "schooling",
        N_("¿Hasta dónde estudió?"),
        N_("Para saber si la consulta la entiende todo el mundo."),
        _values("schooling"),
    ),
    Question(
        "disability",
        N_("¿Tiene dificultad para ver, oír, caminar, recordar, bañarse o comunicarse?"),
        N_("Para saber si la consulta llega a personas con discapacidad."),
        _values("disability"),
        is_sensitive=True,
    ),
    Question(
        "indigenous",
        N_("De acuerdo con su cultura, ¿se considera indígena?"),
        N_("Para saber si opinan personas de los pueblos indígenas."),
        _values("indigenous"),
        is_sensitive=True,
    ),
    Question(
        "afro_mexican",
        N_("Por sus antepasados y su cultura, ¿se considera afromexicana o afromexicano?"),
        N_("Para saber si opinan personas afromexicanas."),
        _values("afro_mexican"),
        is_sensitive=True,
    ),
    Question("sector", N_("¿A qué se dedica?"), N_("Para saber a quiénes toca lo que se propone."), _values("sector")),
)
ABOUT_ORGANIZATIONS = Question(
    ORGANIZATION_KIND,
    N_("Qué tipo de organización es"),
    N_("Para saber desde dónde se opina: de las organizaciones no se pregunta sexo ni edad."),
    _values(ORGANIZATION_KIND),
)
BY_KEY = {question.key: question for question in (*ABOUT_PEOPLE, ABOUT_ORGANIZATIONS)}
KEYS = tuple(BY_KEY)
# What a window asks while nobody has chosen.
USUAL = ("sex", "age_group", MUNICIPALITY)


def check_questions(keys: Iterable[str]) -> list[str]:
    """Return the questions about people that a window asks, in the order of the catalogue.

    Raises Refused on one that is not in the catalogue.
    """
    chosen = set(keys)
    known = [question.key for question in ABOUT_PEOPLE]
    unknown = sorted(chosen - set(known))
    if unknown:
        raise Refused(_("«%(key)s» no está en el catálogo de preguntas.", key=unknown[0]), field="questions")
    return [key for key in known if key in chosen]


def why_asked(key: str) -> str:
    """Return in one sentence why a question is asked."""
    return _(BY_KEY[key].why)
