"""Headers of every answer: security, caching of what is public, nothing kept of what is not."""

import gzip

from flask import Flask, Request, Response, current_app, g, render_template, request

from consulta.web.access import EVERYBODY

COMPRESSIBLE = frozenset(
    (
        *("text/html", "text/css", "text/javascript", "text/xml"),
        *("image/svg+xml", "application/json", "application/atom+xml"),
    )
)
WORTH_BYTES = 800
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'none'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def install(app: Flask) -> None:
    """Register the headers."""
    app.after_request(_finish)


def no_store() -> None:
    """Ask that the current answer is kept nowhere: forms, receipts, what is personal."""
    g.no_store = True


def keep_for_good() -> None:
    """Let browsers keep the current answer for good: its address carries a version."""
    g.keep_for_good = True


def render_private(template: str, **values: object) -> str:
    """Render a page that must be kept nowhere."""
    no_store()
    return render_template(template, **values)


def _finish(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint == "static" or g.get("keep_for_good", False):
        headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return _compressed(response)
    if _is_public_read(request) and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        if not response.is_streamed:
            response = _compressed(response)
            response.add_etag()
            response.make_conditional(request)
        return response
    headers["Cache-Control"] = "no-store"
    if _is_token_read(request) and response.status_code == 200:
        # What a program kept for itself it may ask about again; nothing in between keeps it.
        response.add_etag()
        response.make_conditional(request)
    return response


def _compressed(response: Response) -> Response:
    """Compress what everybody may read, for browsers that can read it; never a page with a secret of its reader.

    A compressed page whose length tells about a secret in it can be made to give it away (BREACH), so pages of
    officials and of folios with a key stay as they are.
    """
    response.vary.add("Accept-Encoding")
    reads_gzip = request.accept_encodings.quality("gzip") > 0
    worth = reads_gzip and response.mimetype in COMPRESSIBLE and response.status_code == 200
    if not worth or (response.is_streamed and request.endpoint != "static"):
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) >= WORTH_BYTES:
        response.set_data(gzip.compress(content, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _is_token_read(current: Request) -> bool:
    view = current_app.view_functions.get(current.endpoint or "")
    return current.method in ("GET", "HEAD") and bool(getattr(getattr(view, "access_rule", None), "scopes", ()))


def _is_public_read(current: Request) -> bool:
    view = current_app.view_functions.get(current.endpoint or "")
    rule = getattr(view, "access_rule", None)
    # Only officials bring a cookie, and then the page carries their name.
    is_anonymous = not current.cookies
    return current.method in ("GET", "HEAD") and rule == EVERYBODY and is_anonymous and not g.get("no_store", False)
