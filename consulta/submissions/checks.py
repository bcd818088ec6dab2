"""The checks of a draft, the same for web, capture, import and API."""

from email_validator import EmailNotValidError, validate_email

from consulta.i18n.text import N_, _
from consulta.inspection.files import MAX_FILES
from consulta.submissions.drafts import DemographicsDraft, Draft, Problem
from consulta.submissions.places import check_place
from consulta.submissions.rules import (
    LONGEST_ARTICLE,
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_WORDING,
    is_blank,
)
from consulta.submissions.states import Behalf
from consulta.submissions.territory import is_municipality
from consulta.windows.questions import BY_KEY, DECLINED, MUNICIPALITY

BAD_ADDRESS = N_("Revise el correo: debe ser como nombre@ejemplo.mx. También puede dejarlo vacío.")


def check_draft(draft: Draft, *, kinds: list[str]) -> list[Problem]:
    """Return everything to correct in a draft, in the order of the form; empty when it can be received."""
    return [
        *_check_text(draft, kinds),
        *_check_wording(draft),
        *check_place(draft.place, kinds=kinds),
        *_check_author(draft),
        *check_contact(email=draft.email, phone=draft.phone),
        *check_demographics(draft.demographics),
    ]


def _check_text(draft: Draft, kinds: list[str]) -> list[Problem]:
    problems = []
    if is_blank(draft.text):
        problems.append(Problem("text", _("Escriba su comentario: el campo está vacío.")))
    elif len(draft.text) > LONGEST_TEXT:
        problems.append(
            Problem(
                "text",
                _(
                    "Su texto tiene %(length)s caracteres y caben %(longest)s: acórtelo, o adjúntelo como "
                    "archivo y resuma aquí lo principal.",
                    length=f"{len(draft.text):,}",
                    longest=f"{LONGEST_TEXT:,}",
                ),
            )
        )
    if draft.kind not in kinds:
        problems.append(Problem("kind", _("Elija qué desea enviar.")))
    if len(draft.files) > MAX_FILES:
        problems.append(
            Problem("files", _("Se pueden adjuntar hasta %(max_files)s archivos: quite alguno.", max_files=MAX_FILES))
        )
    return problems


def _check_wording(draft: Draft) -> list[Problem]:
    limits = {
        "article": (draft.article, LONGEST_ARTICLE),
        "says": (draft.says, LONGEST_WORDING),
        "should_say": (draft.should_say, LONGEST_WORDING),
    }
    problems = [
        Problem(field, _("Escriba hasta %(longest)s caracteres.", longest=f"{longest:,}"))
        for field, (value, longest) in limits.items()
        if len(value) > longest
    ]
    if (draft.article or draft.says) and is_blank(draft.should_say):
        problems.append(Problem("should_say", _("Escriba cómo debería decir, o deje vacíos los tres campos.")))
    return problems


def _check_author(draft: Draft) -> list[Problem]:
    names = {
        "author_name": draft.author_name,
        "organization": draft.organization,
        "representative": draft.representative,
        "representative_post": draft.representative_post,
    }
    problems = [
        Problem(field, _("Escriba hasta %(longest)s caracteres.", longest=LONGEST_NAME))
        for field, value in names.items()
        if len(value) > LONGEST_NAME
    ]
    if draft.behalf == Behalf.ORGANIZATION:
        if is_blank(draft.organization):
            problems.append(Problem("organization", _("Escriba la razón social o el nombre de la organización.")))
        if is_blank(draft.representative):
            problems.append(Problem("representative", _("Escriba el nombre de quien representa a la organización.")))
    if draft.name_is_public and draft.behalf == Behalf.SELF and is_blank(draft.author_name):
        problems.append(Problem("author_name", _("Para publicar su nombre, escríbalo; o quite la marca.")))
    return problems


def is_address(text: str) -> bool:
    """Say whether a text has the form of a mail address."""
    try:
        validate_email(text, check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def check_contact(*, email: str, phone: str) -> list[Problem]:
    """Return what to correct in a mail address and a telephone; either may be empty."""
    problems = []
    if email and not is_address(email):
        problems.append(Problem("email", _(BAD_ADDRESS)))
    digits = sum(character.isdigit() for character in phone)
    if phone and (not 7 <= digits <= 15 or len(phone) > 40):
        problems.append(
            Problem("phone", _("Revise el teléfono: escriba de 7 a 15 números. También puede dejarlo vacío."))
        )
    return problems


def check_demographics(demographics: DemographicsDraft) -> list[Problem]:
    """Return the answers that are in no catalogue."""
    problems = []
    for question in BY_KEY.values():
        given = getattr(demographics, question.key)
        if given in (None, DECLINED) or given in question.values:
            continue
        if question.key != MUNICIPALITY:
            problems.append(Problem(question.key, _("Elija una de las opciones.")))
        elif not is_municipality(given):
            problems.append(Problem(MUNICIPALITY, _("Elija un municipio de la lista.")))
    return problems
