"""Typed settings, read from the environment and from `instance/consulta.toml`.

A bad value stops the start with a sentence that says which setting and what to write instead.
"""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

# As `disclosure` has them; a test holds both the same.
USUAL_THRESHOLD, LOWEST_THRESHOLD = 10, 3


class BadSetting(SystemExit):
    """A setting that cannot be used; carries the sentence to print."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two instances."""

    instance: Path
    database_url: str
    secret_key: bytes
    timezone: ZoneInfo
    public_url: str
    smtp_url: str | None
    demo: bool
    # How many people share a figure at least (k); only the operator of the instance may change it.
    people_threshold: int = USUAL_THRESHOLD
    # Keys of the witnesses of the public record, as `consulta bitacora witness` writes them.
    record_witnesses: tuple[str, ...] = ()
    # Mailbox to which mails that cannot be delivered come back; None: nobody reads them.
    bounce_address: str | None = None
    # `host:port` to which webhooks may go although they are near or plain: for tests, and for who trusts a neighbour.
    webhook_allow: frozenset[str] = frozenset()

    @property
    def uploads(self) -> Path:
        return self.instance / "uploads"

    @property
    def demographics_keys(self) -> Path:
        """Return the folder of the keys of answers that wait: shared by whoever receives, and never backed up."""
        return self.instance / "claves-demografia"

    @property
    def record_origin(self) -> str:
        """Return the name of the public record, under which its checkpoints are signed (C2SP)."""
        return self.public_url.split("://", 1)[1].rstrip("/") + "/bitacora"

    @property
    def open_data(self) -> Path:
        """Return the folder of what can be taken home; it can be made again from the database."""
        return self.instance / "datos"

    @property
    def search_index(self) -> Path:
        """Return the folder of the search index; it can be made again from the database."""
        return self.instance / "busqueda"

    @property
    def mail_folder(self) -> Path:
        return self.instance / "correo"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; the environment wins over `consulta.toml`. Creates the instance folder and its key.

    Raises BadSetting with a sentence when a value cannot be used.
    """
    env = os.environ if environ is None else environ
    instance = Path(env.get("CONSULTA_INSTANCE", "instance")).absolute()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    stored = _stored(instance / "consulta.toml")

    def value(name: str) -> str | None:
        return env.get(f"CONSULTA_{name}") or stored.get(name.lower())

    return Settings(
        instance=instance,
        database_url=_database_url(value("DATABASE_URL"), instance),
        secret_key=_secret(value("SECRET_KEY"), instance),
        timezone=_timezone(value("TIMEZONE") or "America/Mexico_City"),
        public_url=_url("PUBLIC_URL", value("PUBLIC_URL") or "http://127.0.0.1:8000", ("http", "https")).rstrip("/"),
        smtp_url=_smtp(value("SMTP_URL")),
        demo=_flag(value("DEMO")),
        people_threshold=_threshold(value("PEOPLE_THRESHOLD")),
        record_witnesses=tuple((value("RECORD_WITNESSES") or "").split()),
        bounce_address=_mailbox(value("BOUNCE_ADDRESS")),
        webhook_allow=_neighbours(value("WEBHOOK_ALLOW")),
    )


def _stored(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        return {key: str(value) for key, value in tomllib.loads(path.read_text("utf-8")).items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"No se puede leer {path}: {error}. Corrija el archivo o bórrelo.") from error


def _database_url(url: str | None, instance: Path) -> str:
    if url is None:
        return f"sqlite:///{instance / 'consulta.sqlite3'}"
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting(
            "CONSULTA_DATABASE_URL debe empezar con «sqlite:///» o «postgresql+psycopg://»; "
            "quítela para usar la base integrada."
        )
    return url


def _secret(value: str | None, instance: Path) -> bytes:
    if value is not None:
        if len(value) < 32:
            raise BadSetting("CONSULTA_SECRET_KEY debe tener al menos 32 caracteres; quítela para que se genere una.")
        return value.encode("utf-8")
    path = instance / "secret_key"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(secrets.token_hex(32).encode("ascii"))
    return path.read_bytes()


def _timezone(name: str) -> ZoneInfo:
    if name not in available_timezones():
        raise BadSetting(f"CONSULTA_TIMEZONE «{name}» no existe; escriba por ejemplo America/Mexico_City.")
    return ZoneInfo(name)


def _url(name: str, value: str, schemes: tuple[str, ...]) -> str:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        raise BadSetting(f"CONSULTA_{name} debe ser una dirección completa que empiece con {' o '.join(schemes)}://")
    return value


def _smtp(value: str | None) -> str | None:
    return None if value is None else _url("SMTP_URL", value, ("smtp", "smtps", "smtp+starttls"))


def _mailbox(value: str | None) -> str | None:
    if not value:
        return None
    name, _at, host = value.rpartition("@")
    if not name or not host or "+" in name or not value.isascii() or any(mark in value for mark in ' <>",;:\r\n'):
        raise BadSetting(
            "CONSULTA_BOUNCE_ADDRESS debe ser una dirección sin etiqueta, como rebotes@ejemplo.gob.mx; quítela si "
            "nadie lee los correos que regresan."
        )
    return value.lower()


def _neighbours(value: str | None) -> frozenset[str]:
    named = (value or "").replace(",", " ").split()
    for one in named:
        host, _colon, port = one.rpartition(":")
        if not host or any(mark in host for mark in "/@:[]") or not (port.isascii() and port.isdigit()):
            raise BadSetting(
                "CONSULTA_WEBHOOK_ALLOW debe nombrar servidores con su puerto, como 127.0.0.1:9000; quítela para que "
                "los avisos a programas solo vayan a la red pública."
            )
    return frozenset(named)


def _threshold(value: str | None) -> int:
    if not value:
        return USUAL_THRESHOLD
    if not value.isascii() or not value.isdigit() or int(value) < LOWEST_THRESHOLD:
        raise BadSetting(
            f"CONSULTA_PEOPLE_THRESHOLD debe ser un número entero de {LOWEST_THRESHOLD} o más: con menos personas por "
            "cifra se sabe quién es quién."
        )
    return int(value)


def _flag(value: str | None) -> bool:
    if value in (None, "", "0", "no"):
        return False
    if value in ("1", "si", "sí"):
        return True
    raise BadSetting("CONSULTA_DEMO debe ser 1 o 0.")
