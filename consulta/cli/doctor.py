"""`consulta doctor`: every precondition, each with its remedy."""

import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

import click

from consulta import clock
from consulta.cli.runtime import print_json
from consulta.clocks import list_calendar_keys, list_rules, load_calendar
from consulta.config import Settings, load_settings
from consulta.db import Database, UnsafeDatabase, session_scope
from consulta.errors import ConsultaError
from consulta.migrate import current_revision, head_revision
from consulta.notices.queries import list_failed
from consulta.papers import Paper
from consulta.papers.pdf import as_pdf
from consulta.record.keys import find_current
from consulta.record.signing import FILE, load_key
from consulta.record.witnessing import read_witnesses
from consulta.submissions.demographics import list_lost_batches

# Addresses are mistyped; more than so many in a week is not that.
FEW_FAILED = 20


@dataclass(frozen=True)
class Check:
    """A precondition: whether it holds, and what to do when it does not."""

    name: str
    holds: bool
    detail: str


@click.command("doctor", short_help="Revisa que todo lo necesario esté bien.")
@click.option("--json", "as_json", is_flag=True, help="Escribe en JSON.")
def doctor(as_json: bool) -> None:
    """Revisa cada condición y dice el remedio de la que falte."""
    settings = load_settings()
    found = [_run(name, check, settings) for name, check in CHECKS.items()]
    if as_json:
        print_json([asdict(check) for check in found])
    else:
        for check in found:
            click.echo(f"{'bien ' if check.holds else 'FALTA'}  {check.name}: {check.detail}")
    sys.exit(0 if all(check.holds for check in found) else 1)


def _run(name: str, check: Callable[[Settings], tuple[bool, str]], settings: Settings) -> Check:
    try:
        return Check(name, *check(settings))
    except (UnsafeDatabase, ConsultaError) as error:
        return Check(name, False, str(error))
    except OSError as error:
        return Check(name, False, f"{error}. Revise la ruta y sus permisos.")


def _python(_settings: Settings) -> tuple[bool, str]:
    version = sys.version_info
    return (3, 11) <= version[:2] < (3, 14), f"Python {version.major}.{version.minor} (se necesita 3.11 a 3.13)"


def _folder(settings: Settings) -> tuple[bool, str]:
    writable = os.access(settings.instance, os.W_OK)
    return writable, f"{settings.instance}" if writable else f"No se puede escribir en {settings.instance}"


def _database(settings: Settings) -> tuple[bool, str]:
    database = Database(settings.database_url)
    database.check()
    name = database.engine.dialect.name
    database.dispose()
    return True, f"{name}, versión y ajustes seguros"


def _migrated(settings: Settings) -> tuple[bool, str]:
    database = Database(settings.database_url)
    current, head = current_revision(database), head_revision()
    database.dispose()
    return current == head, f"revisión {current}" if current == head else "Ejecute «consulta init» o «consulta upgrade»"


def _calendars(_settings: Settings) -> tuple[bool, str]:
    for key in list_calendar_keys():
        load_calendar(key)
    return True, f"{len(list_calendar_keys())} calendarios y {len(list_rules())} reglas legibles"


def _seal_key(settings: Settings) -> tuple[bool, str]:
    """The key that is here must be the one that the record announced: another cannot sign, and checkpoints stop."""
    database = Database(settings.database_url)
    try:
        if current_revision(database) != head_revision():
            return True, "todavía no hay bitácora que firmar"
        path = settings.instance / "keys" / FILE
        with session_scope(database):
            current = find_current()
        if current is None:
            return True, "se asienta al firmar el primer punto de control"
        if path.exists() and load_key(path.parent).public_key().public_bytes_raw() == current.public:
            return True, "es la vigente"
    finally:
        database.dispose()
    return False, f"Devuelva {path} de su respaldo, o declare su pérdida: «consulta bitacora key-lost --reason …»"


def _waiting_answers(settings: Settings) -> tuple[bool, str]:
    """What waits in the buffer of demographics can be opened only with its keys, which no backup has."""
    database = Database(settings.database_url, keys=settings.demographics_keys)
    try:
        if current_revision(database) != head_revision():
            return True, "todavía no espera ninguna"
        with session_scope(database):
            lost = list_lost_batches()
    finally:
        database.dispose()
    if lost:
        return False, f"Faltan {len(lost)} claves en {settings.demographics_keys}: devuélvalas de donde se copió"
    return True, "las que esperan tienen su clave"


def _witnesses(settings: Settings) -> tuple[bool, str]:
    count = len(read_witnesses(settings.record_witnesses))
    return (
        True,
        f"{count} con clave conocida" if count else "ninguno: pida a alguien de fuera que atestigüe la bitácora",
    )


def _papers(_settings: Settings) -> tuple[bool, str]:
    as_pdf(Paper(issuer="Consulta", title="Prueba", language="es-MX"))
    return True, "los documentos se dibujan en PDF accesible"


def _mail(settings: Settings) -> tuple[bool, str]:
    if settings.smtp_url is None and not settings.demo:
        return False, "Ponga CONSULTA_SMTP_URL: sin él los avisos se quedan en una carpeta"
    return True, "servidor de correo configurado" if settings.smtp_url else f"carpeta {settings.mail_folder}"


def _undelivered(settings: Settings) -> tuple[bool, str]:
    """Mails that do not reach their person are told elsewhere; many of them mean that the server is not believed."""
    database = Database(settings.database_url)
    try:
        if current_revision(database) != head_revision():
            return True, "todavía no se envía ninguno"
        with session_scope(database):
            failed = list_failed(since=clock.now() - timedelta(days=7), limit=FEW_FAILED + 1)
    finally:
        database.dispose()
    if len(failed) > FEW_FAILED:
        return False, f"Más de {FEW_FAILED} en 7 días; el último: «{failed[0].failure}». Revise SPF, DKIM y el servidor"
    returned = "" if settings.bounce_address else "; ponga CONSULTA_BOUNCE_ADDRESS para saber de los que regresan"
    return True, f"{len(failed)} en 7 días{returned}"


CHECKS: dict[str, Callable[[Settings], tuple[bool, str]]] = {
    "Python": _python,
    "Carpeta de la instancia": _folder,
    "Base de datos": _database,
    "Migraciones": _migrated,
    "Calendarios y reglas": _calendars,
    "Clave del sello": _seal_key,
    "Respuestas en espera": _waiting_answers,
    "Testigos de la bitácora": _witnesses,
    "Documentos en PDF": _papers,
    "Correo": _mail,
    "Avisos sin entregar": _undelivered,
}
