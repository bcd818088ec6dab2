"""The checks of a draft, the same for web, capture, import and API."""

from email_validator import EmailNotValidError, validate_email

from consulta.submissions.drafts import DemographicsDraft, Draft, Problem
from consulta.inspection.files import MAX_FILES
from consulta.submissions.rules import AGE_GROUPS, DECLINED, LONGEST_NAME, LONGEST_TEXT, SEXES, is_blank
from consulta.submissions.states import Behalf
from consulta.submissions.territory import is_municipality


def check_draft(draft: Draft, *, kinds: list[str]) -> list[Problem]:
    """Return everything to correct in a draft, in the order of the form; empty when it can be received."""
    return [
        *_check_text(draft, kinds),
        *_check_author(draft),
        *_check_contact(draft),
        *check_demographics(draft.demographics),
    ]


def _check_text(draft: Draft, kinds: list[str]) -> list[Problem]:
    problems = []
    if is_blank(draft.text):
        problems.append(Problem("text", "Escriba su comentario: el campo está vacío."))
    elif len(draft.text) > LONGEST_TEXT:
        problems.append(
            Problem(
                "text",
                f"Su texto tiene {len(draft.text):,} caracteres y caben {LONGEST_TEXT:,}: "
                "acórtelo, o adjúntelo como archivo y resuma aquí lo principal.",
            )
        )
    if draft.kind not in kinds:
        problems.append(Problem("kind", "Elija qué desea enviar."))
    if len(draft.files) > MAX_FILES:
        problems.append(Problem("files", f"Se pueden adjuntar hasta {MAX_FILES} archivos: quite alguno."))
    return problems


def _check_author(draft: Draft) -> list[Problem]:
    names = {
        "author_name": draft.author_name,
        "organization": draft.organization,
        "representative": draft.representative,
        "representative_post": draft.representative_post,
    }
    problems = [
        Problem(field, f"Escriba hasta {LONGEST_NAME} caracteres.")
        for field, value in names.items()
        if len(value) > LONGEST_NAME
    ]
    if draft.behalf == Behalf.ORGANIZATION:
        if is_blank(draft.organization):
            problems.append(Problem("organization", "Escriba la razón social o el nombre de la organización."))
        if is_blank(draft.representative):
            problems.append(Problem("representative", "Escriba el nombre de quien representa a la organización."))
    if draft.name_is_public and draft.behalf == Behalf.SELF and is_blank(draft.author_name):
        problems.append(Problem("author_name", "Para publicar su nombre, escríbalo; o quite la marca."))
    return problems


def _check_contact(draft: Draft) -> list[Problem]:
    problems = []
    if draft.email:
        try:
            validate_email(draft.email, check_deliverability=False, test_environment=True, allow_smtputf8=False)
        except EmailNotValidError:
            problems.append(
                Problem("email", "Revise el correo: debe ser como nombre@ejemplo.mx. También puede dejarlo vacío.")
            )
    digits = sum(character.isdigit() for character in draft.phone)
    if draft.phone and (not 7 <= digits <= 15 or len(draft.phone) > 40):
        problems.append(Problem("phone", "Revise el teléfono: escriba de 7 a 15 números. También puede dejarlo vacío."))
    return problems


def check_demographics(demographics: DemographicsDraft) -> list[Problem]:
    """Return the answers that are in no catalogue."""
    problems = []
    if demographics.sex not in (None, DECLINED, *SEXES):
        problems.append(Problem("sex", "Elija una de las opciones."))
    if demographics.age_group not in (None, DECLINED, *AGE_GROUPS):
        problems.append(Problem("age_group", "Elija una de las opciones."))
    if demographics.municipality not in (None, DECLINED) and not is_municipality(demographics.municipality):
        problems.append(Problem("municipality", "Elija un municipio de la lista."))
    return problems
