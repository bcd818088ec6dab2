"""The public pages: windows, topics, the comment in three steps, receipt, tracking and what the law wants posted."""

from flask import Flask

from consulta.participation.wording import has_percents
from consulta.portal import (
    calendar,
    campaigns,
    certificates,
    claims,
    commenting,
    data_rights,
    documents,
    feeds,
    following,
    governments,
    health,
    home,
    moderation,
    outcomes,
    pages,
    participation,
    privacy,
    receipts,
    record,
    results,
    search,
    texts,
    tracking,
    verifying,
)
from consulta.portal.dates import calendar_name
from consulta.submissions.policy import public_author
from consulta.submissions.redaction import public_quote, public_text
from consulta.windows.addresses import topic_address, window_address

MODULES = (
    home,
    calendar,
    campaigns,
    certificates,
    feeds,
    following,
    outcomes,
    pages,
    results,
    search,
    participation,
    governments,
    documents,
    commenting,
    tracking,
    receipts,
    data_rights,
    record,
    verifying,
    claims,
    moderation,
    privacy,
    texts,
    health,
)


def install(app: Flask) -> None:
    """Register the public pages."""
    app.jinja_env.globals.update(
        calendar_name=calendar_name,
        topic_address=topic_address,
        window_address=window_address,
        public_author=public_author,
        public_text=public_text,
        public_quote=public_quote,
        has_percents=has_percents,
    )
    for module in MODULES:
        app.register_blueprint(module.blueprint)
