"""What only a person can answer before a consultation is scheduled. Pure."""

from collections.abc import Mapping

from consulta.errors import Refused
from consulta.i18n.text import _

YES, NO = "yes", "no"
# Peoples and persons to whom a consultation of their own is owed (CPEUM 2; Convention on the Rights of Persons with
# Disabilities 4.3), and the ban on government publicity during elections (CPEUM 41, base III, apartado C).
PEOPLES, ELECTORAL_BAN = "affects_peoples", "electoral_ban"
QUESTIONS = (PEOPLES, ELECTORAL_BAN)


def check_answers(answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to every question. Raises Refused at the first that has none."""
    for question in QUESTIONS:
        if answers.get(question) not in (YES, NO):
            raise Refused(_("Conteste sí o no: sin eso no se puede programar la consulta."), field=question)
    return {question: answers[question] for question in QUESTIONS}
