"""The pages of a file: cover, index, what was said and answered, acts, and the sheet of a certified copy."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from consulta.archives.terms import Retention, Retentions
from consulta.i18n.labels import label
from consulta.i18n.text import SOURCE, TAGS, _
from consulta.papers import Paper, PaperTable
from consulta.record.queries import list_acts
from consulta.submissions.models import Submission
from consulta.web.filters import closing, long_date, moment
from consulta.windows.models import Window

SHOWN_ROWS = 3_000
Manifest = Sequence[dict[str, Any]]


def submission_sheet(
    submission: Submission, data: dict[str, Any], manifest: Manifest, post_title: str, now: datetime
) -> Paper:
    """Return the file of a submission as a paper."""
    window = submission.topic.window
    zone = window.government.timezone
    texts = [_("Lo que se recibió:"), submission.text or _("(dado de baja)")]
    for item in data["referrals"]:
        if item["answer"] is not None:
            said = label("disposition", item["answer"]["disposition"])
            texts += [_("Respuesta de %(unit)s (%(said)s):", unit=item["unit_name"], said=said), item["answer"]["text"]]
    return Paper(
        issuer=window.government.name,
        title=_("Expediente del folio %(folio)s", folio=submission.folio),
        language=TAGS[SOURCE],
        facts=(
            (_("Serie"), _series(Retentions().of(submission))),
            (_("Asunto"), f"{submission.topic.title} ({window.title})"),
            (_("Recibido"), moment(submission.received_at, zone)),
            (_("Canal"), label("channel", submission.channel)),
            *(((_("Dónde es"), submission.place.reading),) if submission.place else ()),
            (_("Archivos"), str(len(submission.files))),
            (_("Integrado"), moment(now, zone)),
        ),
        paragraphs=tuple(texts),
        tables=(_acts(submission.folio, zone), _index(manifest)),
        notes=(
            _("Las fojas van numeradas al pie. Cada documento del índice se prueba con su huella SHA-256."),
            _certification(now),
        ),
        signatures=((_("Nombre y firma de quien certifica"), post_title),),
    )


def window_sheet(
    window: Window, rows: Sequence[tuple[str, str, str]], manifest: Manifest, post_title: str, now: datetime
) -> Paper:
    """Return the file of a window as a paper."""
    zone = window.government.timezone
    shown = tuple((f"{n:,}", folio, when, label("channel", by)) for n, (folio, when, by) in enumerate(rows, start=1))
    header = (_("Núm."), _("Folio"), _("Recibido (UTC)"), _("Canal"))
    notes = [_("Las fojas van numeradas al pie. Cada documento del índice se prueba con su huella SHA-256.")]
    if len(shown) > SHOWN_ROWS:
        notes.append(_("Los folios completos están en indice.csv: aquí van los primeros %(n)s.", n=f"{SHOWN_ROWS:,}"))
    return Paper(
        issuer=window.government.name,
        title=_("Expediente de la consulta «%(title)s»", title=window.title),
        language=TAGS[SOURCE],
        facts=(
            (_("Serie"), _series(Retentions().of_window(window))),
            (_("Abrió"), moment(window.opens_at, zone) if window.opens_at else ""),
            (_("Cerró"), closing(window.closes_at, zone) if window.closes_at else ""),
            (_("Folios"), f"{len(rows):,}"),
            (_("Integrado"), moment(now, zone)),
        ),
        tables=(
            _acts(window.slug, zone),
            PaperTable(_("Folios recibidos"), header, shown[:SHOWN_ROWS]),
            _index([item for item in manifest if not item["name"].startswith("folios/")]),
        ),
        notes=(*notes, _certification(now)),
        signatures=((_("Nombre y firma de quien certifica"), post_title),),
    )


def _series(kept: Retention) -> str:
    return f"{kept.series.code} {kept.series.title}" if kept.series is not None else _("sin serie asignada")


def _acts(public_id: str, zone: str) -> PaperTable:
    rows = tuple(
        (
            moment(leaf.at, zone),
            label("act", leaf.kind) if leaf.kind.startswith(("submission.", "referral.", "answer.")) else leaf.kind,
            f"{leaf.sequence:,}" if leaf.sequence is not None else _("en el próximo punto de control"),
        )
        for leaf, _opening in list_acts(public_id)
    )
    return PaperTable(_("Actos en la bitácora pública"), (_("Cuándo"), _("Qué"), _("Lugar")), rows)


def _index(manifest: Manifest) -> PaperTable:
    rows = tuple(
        (str(n), item["name"], f"{item['size']:,}", item["sha256"]) for n, item in enumerate(manifest, start=1)
    )
    return PaperTable(_("Índice"), (_("Núm."), _("Documento"), _("Bytes"), _("SHA-256")), rows)


def _certification(now: datetime) -> str:
    return _(
        "Copia certificada. Quien suscribe hace constar que las presentes fojas son copia fiel de lo que obra en el "
        "expediente electrónico, que se cotejó y se certifica el %(date)s para los efectos legales que procedan. "
        "Fundamento: ____________________",
        date=long_date(now),
    )
