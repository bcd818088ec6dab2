"""The comment in three steps. Everything typed travels in the form; only files wait on the server."""

from typing import Any

from flask import Blueprint, make_response, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from consulta.agencies.models import PrivacyNotice
from consulta.agencies.queries import current_notice, has_notice
from consulta.db import unit_of_work
from consulta.documents.queries import list_current_versions, list_documents
from consulta.errors import Refused
from consulta.finding.findables import Findable
from consulta.finding.similar import similar_comments
from consulta.i18n.text import N_, _
from consulta.inspection.files import MAX_FILE_BYTES, MAX_FILES
from consulta.personal_data import Segment, mark_findings
from consulta.portal.pages import public_topic
from consulta.search.current import current_index
from consulta.storage.current import current_storage
from consulta.submissions.checks import check_draft
from consulta.submissions.drafts import Delivery, Draft, NonceReused
from consulta.submissions.files import keep_waiting, list_waiting
from consulta.submissions.forms import CommentForm
from consulta.submissions.nonces import new_nonce, read_issue
from consulta.submissions.operations import Outcome, receive
from consulta.submissions.policy import POLICY, PublicText, is_reserved, may_publish_text
from consulta.submissions.rules import LONGEST_ARTICLE, LONGEST_TEXT, everything_written
from consulta.submissions.states import Channel, SubmissionKind
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services
from consulta.web.responses import no_store
from consulta.windows.models import Topic
from consulta.windows.operations import status_of
from consulta.windows.questions import why_asked
from consulta.windows.states import WindowStatus

blueprint = Blueprint("commenting", __name__)

ADDRESSES = ("/consultas/<slug>/temas/<int:number>/opinar", "/buzones/<slug>/temas/<int:number>/opinar")
STALE = N_("La página llevaba más de un día abierta. Su texto sigue aquí: revíselo y envíelo otra vez.")
UNKNOWN_NOTICE = N_(
    "No sabemos qué versión del aviso de privacidad leyó: la vigente está abajo. Léala y envíe otra vez."
)
USED = N_(
    "Este formulario ya se había enviado y tiene el folio %(folio)s. "
    "Si lo de ahora es otro comentario, revíselo y envíelo: recibirá su propio folio."
)


@blueprint.get(ADDRESSES[0])
@blueprint.get(ADDRESSES[1], endpoint="mailbox_form")
@access(EVERYBODY)
def show_comment(slug: str, number: int) -> Any:
    """Show step one, or say when the window opens."""
    topic = public_topic(slug, number)
    form = CommentForm()
    form.nonce.data = new_nonce()
    form.seen.data = " ".join(str(version.id) for version in list_current_versions(topic.id))
    form.article.data = request.args.get("articulo", "")[:LONGEST_ARTICLE]
    return _render(topic, form, 1, ())


@blueprint.post(ADDRESSES[0])
@blueprint.post(ADDRESSES[1], endpoint="mailbox_send")
@access(EVERYBODY)
def step(slug: str, number: int) -> Any:
    """Go forward, back, or send."""
    topic = public_topic(slug, number)
    kinds = topic.window.instrument.kinds
    form = CommentForm(request.form)
    form.set_choices(kinds)
    action = request.form.get("accion", "")
    tokens = _kept_tokens(action)
    tokens += _take_files(form, room=MAX_FILES - len(tokens))
    form.attach_removed()
    if action.startswith("quitar:") or action == "editar-1":
        return _render(topic, form, 1, tokens)
    if action == "editar-2":
        return _render(topic, form, 2, tokens)
    form.attach(check_draft(form.draft(kinds=kinds, files=tokens), kinds=kinds))
    wrong = form.step_of_first_problem()
    # Only its own button sends; anything else that goes forward is shown for review.
    reached = {"continuar-1": 1, "enviar": 3}.get(action, 2)
    if wrong is not None and wrong <= reached:
        return _render(topic, form, wrong, tokens)
    if reached < 3:
        _forget_later_problems(form)
        return _render(topic, form, reached + 1, tokens)
    return _send(topic, form, tokens)


def _send(topic: Topic, form: CommentForm, tokens: tuple[str, ...]) -> Any:
    issue = read_issue(form.nonce.data)
    if issue is None:
        form.nonce.data = new_nonce()
        form.add_problem(None, _(STALE))
        return _render(topic, form, 3, tokens)
    if not has_notice(topic.window.government_id, form.notice_version.data or ""):
        form.add_problem(None, _(UNKNOWN_NOTICE))
        return _render(topic, form, 3, tokens)
    delivery = Delivery(
        topic_id=topic.id,
        draft=form.draft(kinds=topic.window.instrument.kinds, files=tokens),
        channel=Channel.WEB,
        nonce=issue[0],
        received_at=arrived_at(),
        form_issued_at=issue[1],
    )
    try:
        with unit_of_work():
            outcome = receive(delivery, secret=services().secret, clock=services().clock)
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _render(topic, form, form.step_of_first_problem() or 3, tokens)
    if isinstance(outcome, NonceReused):
        form.nonce.data = new_nonce()
        form.add_problem(None, _(USED, folio=outcome.folio))
        return _render(topic, form, 3, tokens)
    return _receipt(topic, outcome, delivery.draft)


def _receipt(topic: Topic, outcome: Outcome, draft: Draft) -> Response:
    no_store()
    email = draft.email
    public = may_publish_text(kind=draft.kind, has_consent=draft.text_consent)
    page = render_template(
        "portal/receipt.html",
        topic=topic,
        receipt=outcome,
        email=email,
        text_may_be_public=public,
        reserved=is_reserved(kind=draft.kind, names_official=draft.names_official),
        on_notice_board=POLICY[draft.kind] != PublicText.STATISTICS_ONLY,
    )
    return make_response(page, 200 if getattr(outcome, "repeated", False) else 201)


def _render(topic: Topic, form: CommentForm, step: int, tokens: tuple[str, ...]) -> Any:
    no_store()
    status = status_of(topic.window, arrived_at())
    notice = current_notice(topic.window.government_id)
    if status == WindowStatus.UPCOMING:
        page = render_template("portal/not_open.html", topic=topic, typed=form.text.data or "")
        return page, 200 if request.method == "GET" else 422
    form.set_choices(topic.window.instrument.kinds)
    form.notice_version.data = notice.version
    form.keep_problems_of(step)
    code = 422 if form.has_problems() else 200
    values = _values(topic, form, tokens, status, notice)
    if step == 3:
        values["revealed"] = _revealed(form.draft(kinds=topic.window.instrument.kinds, files=tokens))
        values["similar"] = _similar(topic, form)
    return render_template(f"portal/comment_{step}.html", **values), code


def _values(
    topic: Topic, form: CommentForm, tokens: tuple[str, ...], status: WindowStatus, notice: PrivacyNotice
) -> dict[str, Any]:
    return {
        "topic": topic,
        "form": form,
        "files": list_waiting(tokens),
        "status": status,
        "notice": notice,
        "documents": list_documents(topic.id),
        "policy": POLICY[SubmissionKind(form.kind.data)] if form.kind.data in list(SubmissionKind) else None,
        "longest": LONGEST_TEXT,
        "why": why_asked,
        "max_files": MAX_FILES,
        "max_file_bytes": MAX_FILE_BYTES,
    }


def _similar(topic: Topic, form: CommentForm) -> list[Findable]:
    """Return public comments like the one that is written; none where what is written stays private."""
    if POLICY[SubmissionKind(form.kind.data)] not in (PublicText.AFTER_REVIEW, PublicText.WITH_CONSENT):
        return []
    return similar_comments(current_index(), topic_id=topic.id, text=form.text.data or "")


def _revealed(draft: Draft) -> list[Segment]:
    """Return what looks like personal data in what may become public, each passage once; nothing where it may not."""
    is_reserved_text = is_reserved(kind=draft.kind, names_official=draft.names_official)
    if is_reserved_text or not may_publish_text(kind=draft.kind, has_consent=draft.text_consent):
        return []
    pieces = [piece for text in everything_written(draft).values() for piece in mark_findings(text)]
    return list(dict.fromkeys(piece for piece in pieces if piece.kind))


def _kept_tokens(action: str) -> tuple[str, ...]:
    tokens = tuple(dict.fromkeys(token[:64] for token in request.form.getlist("file_token")))[:20]
    if action == "enviar":
        # Not looked up here: intake refuses one that is gone, and a repeated hand-in claims them no more.
        return tokens
    removed = action.removeprefix("quitar:") if action.startswith("quitar:") else None
    return tuple(token for token, _ in list_waiting(tokens) if token != removed)


def _take_files(form: CommentForm, *, room: int) -> tuple[str, ...]:
    """Inspect what was uploaded; keep the good ones and name the bad ones."""
    chosen = [item for item in request.files.getlist("files") if item.filename]
    if len(chosen) > room:
        form.add_problem(
            "files",
            _("Se pueden adjuntar hasta %(max_files)s archivos: se quedaron los primeros.", max_files=MAX_FILES),
        )
    tokens = []
    for item in chosen[:room]:
        try:
            tokens.append(_take(item))
        except Refused as refused:
            form.add_problem("files", refused.message)
    return tuple(tokens)


def _take(item: FileStorage) -> str:
    content = item.read(MAX_FILE_BYTES + 1)
    with unit_of_work():
        token, _ = keep_waiting(
            storage=current_storage(), filename=item.filename or "", content=content, now=arrived_at()
        )
    return token


def _forget_later_problems(form: CommentForm) -> None:
    for field in form:
        field.errors = []
    form.general = []
