"""Messages of the reception: reminders to agencies, observations to who wrote."""

from collections.abc import Sequence
from datetime import date

from consulta.agencies.models import Agency
from consulta.entries.models import Entry, Reminder
from consulta.i18n.text import _
from consulta.notices import Message
from consulta.windows.models import Window


def reminder_text(window: Window, agency: Agency, signer: str, due: str) -> str:
    """Return the letter that reminds an agency, ready to sign.

    Args:
        window: for which entries are asked.
        agency: to which it goes.
        signer: title of the post that signs.
        due: the last day, in words.
    """
    return "\n".join(
        [
            f"{agency.name}",
            _("Presente."),
            "",
            _(
                "Le recordamos que el %(due)s termina el plazo para entregar sus propuestas de «%(title)s». "
                "A la fecha no tenemos ninguna de su dependencia.",
                due=due,
                title=window.title,
            ),
            "",
            _(
                "Puede capturarlas una por una, subirlas desde la plantilla de hoja de cálculo, o declarar que en esta "
                "ocasión no tiene propuestas. Lo que no se entregue no podrá consultarse."
            ),
            "",
            _("Atentamente"),
            signer,
            window.government.name,
        ]
    )


def reminder_notices(reminder: Reminder, window: Window, addresses: Sequence[str]) -> list[Message]:
    """Return one mail per address of the agency's enlaces."""
    return [
        Message(
            kind="reminder",
            unique_key=f"reminder:{reminder.id}:{number}",
            about=window.slug,
            subject=_("Recordatorio: propuestas de %(title)s", title=window.title)[:300],
            body=reminder.text,
            address=address,
        )
        for number, address in enumerate(addresses)
    ]


def observation_notices(entry: Entry, addresses: Sequence[str], on: date, round_: int) -> list[Message]:
    """Return the mails that tell an agency what to correct."""
    body = "\n".join(
        [
            _("La coordinación revisó «%(title)s» y pide corregir:", title=entry.title),
            "",
            entry.observation or "",
            "",
            _("Corrija y entregue de nuevo antes del %(due)s.", due=on.isoformat()),
            "",
            entry.window.government.name,
        ]
    )
    return [
        Message(
            kind="observation",
            unique_key=f"observation:{entry.id}:{round_}:{number}",
            about=entry.window.slug,
            subject=_("Por corregir: %(title)s", title=entry.title)[:300],
            body=body,
            address=address,
        )
        for number, address in enumerate(addresses)
    ]
