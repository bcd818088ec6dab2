"""The parts of an address as people write them in Mexico. Matched on plain text; every repetition is bounded. Pure."""

import re

_STREETS = (
    "calle|avenida|avda|av|boulevard|bulevard|bulevar|blvd|blvr|privada|priv|pvda|andador|cerrada|cda|circuito|cto|"
    "callejon|cjon|calzada|calz|carretera|carr|camino|prolongacion|prol|retorno|paseo|periferico|libramiento|pasaje"
)
STREET = rf"(?<![a-z0-9])(?:{_STREETS})\b\.?"
_ROADS = r"(?<![a-z0-9])(?:carretera|carr|camino|libramiento|periferico|autopista)\b\.?"

# A word with which a sentence goes on: it is never part of the name of a street.
_GOES_ON = (
    "hay|habia|tiene|tienen|tenia|esta|estan|estaba|son|era|fue|entre|con|a|al|en|que|se|ya|no|ni|si|es|y|o|u|e|desde|"
    "hasta|cada|por|para|como|porque|pues|pero|cuando|donde|esquina|esq|casi|frente|cerca|junto|lado|sin|sobre|ahi|"
    "alla|pasan|pasa|cobran|cobra|ponen|pongan|pavimenten|tapen|llevan|lleva|sigue|siguen|hacen|hace|piden|pide|"
    "quitaron|solo|tambien|mas|menos|unos|unas|un|una|otros|otras|todos|todas|muchos|muchas|varios|varias|km|"
    "kilometro|numero|num|nos|me|te|le|les|lo|su|sus|mi|mis|mz|mza|manzana|lt|lte|lote|int|interior|depto|casa|"
    "federal|estatal|contra|favor|desacuerdo|espera|tramite|condiciones|articulo|art|fraccion|parrafo|numeral|inciso|"
    "ley|tramo|etapa|zona|uma"
)
_WORD = rf"(?:[a-z]\.|(?!(?:{_GOES_ON})\b)[a-z0-9]{{1,20}}\.?)"
_FEW_WORDS = rf"{_WORD}(?: {_WORD}){{0,3}}"
_NAME = rf"{_WORD}(?: {_WORD}){{0,5}}?"
_HAS_LETTERS = r"(?=[0-9 ]{0,8}[a-z.]{2})"
_NO = r"(?:#|no\.?|num\.?|numero)?[ ]?"
_SIGN = (
    r"(?:numero|num\.?|nro\.?|no\.|no(?= ?[0-9])|n\.|#|(?:casa|lote|interior|int\.?|depto\.?)(?= ?[#0-9]))"
    r"(?: ?oficial)?[ :]{0,2}(?:#[ ]?)?"
)
_LETTER = r"(?:(?:-| ?- )?[a-h](?![a-z0-9])| [b-df-h](?![a-z0-9]))"
_FIGURES = rf"[0-9]{{1,5}}{_LETTER}?(?:[-/][0-9]{{1,3}}(?![0-9]))?"
_YEAR = r"(?:19[89]|20[0-3])[0-9](?![0-9])"

# What follows a bare number when it counts things or tells the time, and is no number of a house.
_MONTHS = "enero|febrero|marzo|abril|mayo|junio|julio|agosto|sept?iembre|octubre|noviembre|diciembre"
_UNITS = r"mil|millon|por ciento|m2|m|mts?|km|hrs?|h|min|am|pm|a\.m|p\.m"
# Plurals, but for the words in -s that may follow the number of a house.
_THINGS = r"(?!(?:altos|bajos|es|los|las|nos|mis|sus|tras|atras|dos|pues|pisos)\b)[a-z]{2,20}s\b"
_COUNTS = (
    rf"(?![0-9]| ?[:%°]|[.,/][0-9]|-[0-9]| (?:de (?:la (?:manana|tarde|noche)|{_MONTHS})|{_UNITS})\b"
    rf"| (?:a|al|y|o|e|u) (?:las? )?[0-9]| {_THINGS})"
)
_BARE = rf"(?!{_YEAR}){_FIGURES}{_COUNTS}"

NUMBERED = re.compile(
    rf"{STREET} (?:{_NAME}[ ,]{{0,3}}(?:{_SIGN}{_FIGURES}|s/n\b|s\.n\.)|{_HAS_LETTERS}{_NAME} {_BARE})"
)
NUMBER_FIRST = re.compile(
    rf"(?<![a-z0-9.,$-])(?:{_SIGN}[0-9]{{1,5}}|(?:del|el|al) (?!{_YEAR})[0-9]{{2,5}}),?"
    rf" (?:de|en|sobre) (?:la |el )?{STREET} {_FEW_WORDS}"
)
PLOT = re.compile(
    rf"(?<![a-z0-9])(?:mz|mza|mzna|manzana)\b\.?[ :]?{_NO}[0-9a-z]{{1,3}}(?:-[a-z])?[ ,.;/]{{1,3}}(?:y |con |del? )?"
    rf"(?:lt|lte|lote|l)\b\.?[ :]?{_NO}[0-9]{{1,4}}"
)
_BLOCK = r"(?:edificio|edif|torre|bloque|condominio)\b\.?"
_FLAT = r"(?:depto|departamento|dpto|dep|int|interior)\b\.?"
FLAT = re.compile(
    rf"(?<![a-z0-9])(?:{_BLOCK} ?[a-z0-9]{{1,8}},? {_FLAT} ?{_NO}[0-9]{{1,4}}"
    rf"|{_FLAT} ?[0-9]{{1,4}},? (?:del? )?{_BLOCK} ?[a-z0-9]{{1,8}})"
)
HOUSE_ON_ROAD = re.compile(
    rf"{_ROADS} [a-z0-9 -]{{1,40}}km\.? ?[0-9.+]{{1,7}},? (?:casa|lote|rancho|finca|interior|int\.?)\b ?[0-9a-z]{{0,5}}"
)
# The name of a street without its word, given away by what comes after it.
_NO_STREET = r"(?!(?:ruta|rutas|linea|zona|sector|camion|seccion|distrito|articulo|art|parque|fraccion)\b)"
WITH_QUARTER = re.compile(
    rf"(?<![a-z0-9.]){_NO_STREET}[a-z]{{3,20}}(?: {_NO_STREET}{_WORD}){{0,3}} (?:{_SIGN})?{_FIGURES}"
    r"(?=, ?(?:col(?:onia)?|fracc(?:ionamiento)?|infonavit|barrio|unidad habitacional|c\.? ?p)\b)"
)

# Somebody says that she lives or is found there.
_LIVES = (
    r"viv(?:o|imos|e|en|ia|iamos)|resid(?:o|imos|e|en)|rent(?:o|amos)|habit(?:o|amos|a)|domicilio|"
    r"mi (?:casa|direccion|hogar)|nuestra casa|estoy|encontrar(?:me|nos)?|busquen(?:me|nos|la|lo)|citen(?:me|nos)|"
    r"recib[eo]|casa de (?:mi|la|el|un|una) [a-z]{2,15}|casa es"
)
LIVES = re.compile(rf"\b(?:{_LIVES})\b|\bdonde vivo\b")
_FILLING = r"[ ,:]{1,3}(?:(?:es|esta|queda|en|la|el|los|ubicad[ao]|conmigo|particular|de|del)[ ,:]{1,3}){0,4}"
LIVES_ON_STREET = re.compile(rf"\b(?:{_LIVES}){_FILLING}(?P<at>{STREET} {_FEW_WORDS})")
LIVES_AT_NUMBER = re.compile(
    rf"\b(?:{_LIVES})(?:[ ,:]{{1,3}}(?:esta|ubicad[ao]|conmigo|queda))?(?: es en | es | en |: ?|, )"
    rf"(?P<at>{_HAS_LETTERS}{_FEW_WORDS},? (?:{_SIGN}[0-9]{{1,5}}|(?=[0-9]{{2}}){_BARE}))"
)

# What makes it the address of an office or a shop, or the place of something in the street.
PUBLIC_PLACE = re.compile(
    r"\b(?:oficinas?|modulos?|ventanillas?|escuelas?|primaria|secundaria|preparatoria|prepa|kinder|preescolar|jardin|"
    r"universidad|dif|hospital|clinica|centro de salud|palacio|presidencia|secretaria|biblioteca|mercado|tesoreria|"
    r"registro civil|juzgado|comisaria|delegacion|museo|teatro|auditorio|templo|iglesia|parroquia|oxxo|gasolinera|"
    r"farmacia|banco|supermercado|plaza|estacion|casa de la cultura|sapal|imss|issste|cfe|instituto|direccion de|"
    r"direccion general)\b"
)
IN_THE_STREET = re.compile(
    r"\b(?:banquetas?|baches?|fugas?|postes?|luminarias?|lamparas?|coladeras?|alcantarillas?|socavon(?:es)?|"
    r"hundimientos?|arbol(?:es)?|topes?|semaforos?|drenaje|registro|basura|escombro|cables?)\b"
)
# What may go on after the number.
TAIL = re.compile(
    r"(?:,? {0,2}(?:(?:int(?:erior)?|depto|departamento|dpto|local|piso|despacho|casa|lote|edificio|manzana|mz|lt)\b"
    r"\.? ?[a-z0-9-]{1,5}"
    r"|altos|bajos|(?:col(?:onia)?|fracc(?:ionamiento)?|barrio|infonavit|unidad|zona)\b\.? [a-z0-9 ]{2,30}"
    r"|c\.? ?p\.? ?[0-9]{5})){1,4}"
)
JOINS = re.compile(r"[ ,]{1,3}")
