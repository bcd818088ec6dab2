"""The pages of officials: tray, answers, signature, review, capture and coordination."""

from flask import Flask

from consulta.desk import (
    answers,
    archives,
    boilerplates,
    calendar,
    campaigns,
    capture,
    changes,
    claims,
    continuity,
    coordination,
    dockets,
    dossiers,
    drafts,
    editor,
    entries,
    files,
    late,
    outcomes,
    papers,
    participation,
    parts,
    periods,
    reception,
    review,
    sheets,
    topics,
    tray,
    window_control,
)


def install(app: Flask) -> None:
    """Register the pages of officials."""
    for module in (
        changes,
        late,
        claims,
        periods,
        calendar,
        tray,
        editor,
        drafts,
        parts,
        boilerplates,
        sheets,
        campaigns,
        answers,
        files,
        review,
        capture,
        entries,
        coordination,
        window_control,
        topics,
        dockets,
        continuity,
        outcomes,
        papers,
        participation,
        archives,
        dossiers,
        reception,
    ):
        app.register_blueprint(module.blueprint)
