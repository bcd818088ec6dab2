"""Addresses of electronic mail, typed or spelled out. Pure.

The sign is found first and its two sides are read within a bound, so the time never grows with the square of the text.
"""

import re
from collections.abc import Iterator

from consulta.personal_data.keys import Candidate
from consulta.personal_data.plain import Plain
from consulta.personal_data.states import PersonalDataKind

SIGN = re.compile(r" ?(?P<typed>@) ?| ?[(\[] ?(?:at|arroba|@) ?[)\]] ?| arroba ")
NAME = r"[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_%+-])?"
TYPED_NAME = re.compile(rf"(?<![a-z0-9._%+-]){NAME}\Z")
SPELLED_NAME = re.compile(rf"(?<![a-z0-9._%+-])(?:[a-z0-9_.-]{{1,30}} (?:punto|guion|guion bajo) ){{0,3}}{NAME}\Z")
DOT = r"(?: ?\.(?! )| \. | ?[(\[] ?(?:punto|dot|\.) ?[)\]] ?| punto )"
DOMAIN = re.compile(rf"[a-z0-9-]{{1,63}}(?:{DOT}[a-z0-9-]{{2,63}}){{1,4}}")
# Without its ending: long enough not to be a word for women and men («vecin@s»).
BARE_DOMAIN = re.compile(r"[a-z][a-z0-9-]{3,62}(?![a-z0-9@-])")
LONGEST_NAME, LONGEST_DOMAIN = 160, 320


def find_emails(plain: Plain) -> Iterator[Candidate]:
    """Yield what looks like an address of electronic mail."""
    for sign in SIGN.finditer(plain.text):
        is_typed = sign["typed"] is not None
        names = TYPED_NAME if is_typed else SPELLED_NAME
        name = names.search(plain.before(sign.start(), LONGEST_NAME))
        if name is None:
            continue
        rest = plain.after(sign.end(), LONGEST_DOMAIN)
        domain = DOMAIN.match(rest)
        if domain is None and sign[0] == "@" and len(name[0]) > 2:
            domain = BARE_DOMAIN.match(rest)
        if domain is not None:
            yield PersonalDataKind.EMAIL, sign.start() - len(name[0]), sign.end() + domain.end()
