"""The words beside a number that say what it is, as people write them. Matched on plain text. Pure."""

import re

# What is no telephone whatever its length: the thing it numbers stands right before it.
_THINGS = (
    "folio|expediente|exp|oficio|contrato|medidor|reporte|licitacion|factura|serie|lote|partida|referencia|ticket|recibo|"
    "cedula|escritura|poliza|convenio|acta|isbn|predial|catastral|decreto|licencia|permiso|matricula|empleado|empleada|"
    "placas?|solicitud|tramite|orden|codigo|concesion|gaceta|tomo|foja|notaria|programa|proyecto|servicio"
)
_BETWEEN = "numero|num|no|n|nro|de|del|la|el|es|con|agua|luz|cfe|publica|catastral|predial|fiscal|oficial|servicio"
_TO_NUMBER = rf"[^a-z0-9]{{0,4}}(?:(?:{_BETWEEN})[^a-z0-9]{{1,4}}){{0,4}}\Z"
OTHER_NUMBER = re.compile(rf"\b(?:{_THINGS}|cuenta|clave|registro){_TO_NUMBER}")
# Card and bank are said to be an account or a key too.
OTHER_CARD = re.compile(rf"\b(?:{_THINGS}){_TO_NUMBER}")

_PHONES = (
    r"tels?|telefon\w{0,5}|tlf|cels?|celular\w{0,3}|wh?ats\w{0,6}|wasap\w{0,3}|guasap\w{0,3}|movil\w{0,2}|fax|telegram|"
    r"lada|wa\.me"
)
_CALLS = (
    r"llam\w{1,8}|marc(?:ar|ad|an|en|ame|arme|ando|ue|a)\w{0,5}|habl\w{1,8}|comuni\w{2,14}|contact\w{1,8}|"
    r"mensaje\w{0,4}"
)
PHONE = re.compile(rf"\b(?:{_PHONES}|{_CALLS}|mi numero|mi num|anoten|numero para)(?![a-z])")
LOCAL_PHONE = re.compile(rf"\b(?:{_PHONES}|{_CALLS})(?![a-z])[^0-9]{{0,25}}\Z")
PHONE_GLUED = re.compile(rf"\b(?:{_PHONES})[^a-z0-9]{{0,4}}\Z")
ANSWERS = re.compile(r" (?:no |nunca |nadie |ni )?contest")
EXTENSION = re.compile(r"[ ,.(-]{0,3}ext(?:ension|\.)?[ .:]{0,3}[0-9]{1,6}")

PLUS = re.compile(r"\+ ?\(?\Z")
OPENING = re.compile(r"\+ ?\(?\Z|\(\Z")
MONEY = re.compile(r"\$ ?\Z")
UNIT = re.compile(
    r" ?(?:%|pesos|mdp|mxn|usd|dolares|millones|m2|m3|mts?\b|metros|km|kilometros|litros|habitantes|personas|votos|"
    r"firmas|hectareas|toneladas)"
)

# A letter, a figure with its point or comma, a dash or a stroke right before: the number is part of something else.
INSIDE_SOMETHING = re.compile(r"[a-z/=_-]\Z|[0-9][.,:]\Z|[0-9]\Z|[a-z/=_-]\(\Z")
GOES_ON = re.compile(r"[a-z0-9%]|[.,:_-][0-9]|/[0-9]{3}|-[a-z]")

SOCIAL_SECURITY = re.compile(r"\b(?:nss|n\.s\.s|imss|segur(?:o|idad) social|num(?:ero|\.)? de afiliacion)\b")
SOCIAL_SECURITY_AFTER = re.compile(r"[^0-9]{0,20}\b(?:nss|imss|segur(?:o|idad) social)\b")

CARD = re.compile(r"\b(?:tarjetas?|clabe|debito|credito|plastico|interbancari[ao])\b")
ACCOUNT = re.compile(r"\b(?:cuenta|cta)\b[^0-9]{0,30}\Z")
BANK = re.compile(
    r"\b(?:banc\w{1,12}|bbva|banorte|banamex|citibanamex|santander|hsbc|scotiabank|azteca|inbursa|banregio|bajio|"
    r"bienestar|coppel|deposit\w{1,8}|transfer\w{1,10}|nomina|ahorros?|debito|cheques)\b"
)
