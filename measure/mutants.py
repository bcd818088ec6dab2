"""Breaks the product on purpose, one way at a time, and expects the tests to notice.

Each mutant is applied to a copy of the repository; the tests named run there; they must go red.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from measure.instances import ROOT
from measure.mutants_of_people import PEOPLE, Mutant

LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "instance", "artefacts", "__pycache__", ".*_cache")


MUTANTS = (
    Mutant(
        "closing is inclusive",
        "consulta/windows/guard.py",
        "if arrival.received_at < closes_at:",
        "if arrival.received_at <= closes_at:",
        "tests/submissions/test_receive.py tests/windows/test_guard.py",
    ),
    Mutant(
        "a view without access rule",
        "consulta/board/routes.py",
        "@access(EVERYBODY)\n",
        "",
        "tests/submissions/test_receive.py tests/portal",
    ),
    Mutant(
        "coordinator's page open to respondents",
        "consulta/desk/coordination.py",
        "COORDINATES = roles(Role.COORDINATOR)",
        "COORDINATES = roles(Role.COORDINATOR, Role.RESPONDENT)",
        "tests/contracts/test_access.py",
    ),
    Mutant(
        "synchronous=NORMAL",
        "consulta/db/engine.py",
        '"synchronous=FULL"',
        '"synchronous=NORMAL"',
        "tests/submissions/test_receive.py tests/portal",
    ),
    Mutant(
        "text of people unescaped",
        "templates/portal/_comment.html",
        '<div class="comment__text">{{ public_text(submission) }}</div>',
        '<div class="comment__text">{{ public_text(submission)|safe }}</div>',
        "tests/contracts/test_budgets.py tests/portal",
    ),
    Mutant(
        "Open311 tells of petitions too",
        "consulta/open311/queries.py",
        "Submission.kind == KIND,",
        'Submission.kind != "",',
        "tests/open311/test_reading.py",
    ),
    Mutant(
        "the place of a request to the metre",
        "consulta/submissions/places.py",
        "SQUARE_DEGREES = 0.01",
        "SQUARE_DEGREES = 0.00001",
        "tests/submissions/test_places.py tests/open311",
    ),
    Mutant(
        "a CSV cell without its guard",
        "consulta/opendata/formats.py",
        "writer.writerows(guarded(row) for row in batch)",
        "writer.writerows(batch)",
        "tests/opendata",
    ),
    Mutant(
        "text shown before its review",
        "consulta/submissions/policy.py",
        "    if state != SubmissionState.PUBLISHED:\n        return False\n",
        "",
        "tests/portal",
    ),
    Mutant(
        "the starting day counts",
        "consulta/windows/dating.py",
        "term=term, on=opens_on, now=now",
        "term=term, on=opens_on - timedelta(days=1), now=now",
        "tests/windows tests/referrals",
    ),
    Mutant(
        "restart taken for suspend",
        "consulta/deadlines/facts.py",
        "OnClarification.RESTART: EventKind.RESTART",
        "OnClarification.RESTART: EventKind.RESUME",
        "tests/deadlines tests/clocks",
    ),
    Mutant(
        "the wrong law's holidays",
        "consulta/clocks/catalogue.py",
        "read_calendar_file(CALENDARS, key)",
        'read_calendar_file(CALENDARS, "lfpa" if key == "lft" else key)',
        "tests/deadlines tests/clocks",
    ),
    Mutant(
        "day 0 counted",
        "consulta/deadlines/counting.py",
        "on, last = after, number + n",
        "on, last = after - ONE_DAY, number + n",
        "tests/deadlines tests/clocks",
    ),
    Mutant(
        "a window concludes with debts",
        "consulta/referrals/conclusion.py",
        "and not is_complete(window.id)",
        "and False",
        "tests/referrals/test_conclusion.py",
    ),
    Mutant(
        "the opposite is the same text",
        "consulta/analysis/clustering.py",
        " or _are_opposed(one, other, chosen)",
        "",
        "tests/analysis/test_clustering.py",
    ),
    Mutant(
        "what was blacked out is shown",
        "consulta/submissions/redaction.py",
        "redact(getattr(columns, field), columns.redactions)",
        "getattr(columns, field)",
        "tests/moderation",
    ),
    Mutant(
        "who drafts may sign",
        "consulta/referrals/operations.py",
        "if own and not answer.unit.agency.government.allows_self_signing:",
        "if False:",
        "tests/referrals",
    ),
    Mutant(
        "who answers reads what is reserved",
        "consulta/referrals/rules.py",
        "answering = (Role.CONTROL,) if reserved else",
        "answering = (Role.CONTROL, Role.RESPONDENT) if reserved else",
        "tests/referrals",
    ),
    Mutant(
        "reports have a public view",
        "consulta/submissions/queries.py",
        "Submission.kind.in_(VISIBLE_KINDS), Submission.reserved.is_(False)",
        "Submission.id > 0",
        "tests/submissions/test_public_policy.py",
    ),
    Mutant(
        "a carried comment stays counted where it was",
        "consulta/referrals/carrying.py",
        "        names.append(CounterName.TRACED)\n",
        "        pass\n",
        "tests/outcomes",
    ),
    Mutant(
        "an untied comment stays counted",
        "consulta/outcomes/operations.py",
        "mark_traced(submission=submission, is_traced=False)",
        "pass",
        "tests/outcomes",
    ),
    Mutant(
        "what is reserved is named in a project",
        "consulta/outcomes/rules.py",
        "        and not submission.reserved\n",
        "",
        "tests/outcomes",
    ),
    Mutant(
        "a unit ties the answers of another",
        "consulta/outcomes/operations.py",
        "if not may_trace_answer(actor, answer):",
        "if False:",
        "tests/outcomes",
    ),
    Mutant(
        "anybody decides a claim",
        "consulta/referrals/claims.py",
        "if not may_coordinate(actor, government_id=holder_of(submission)):",
        "if False:",
        "tests/referrals/test_claims.py",
    ),
    Mutant(
        "what is reserved stands in the matrix",
        "consulta/reports/matrix.py",
        "Submission.is_admitted.is_(True), Submission.reserved.is_(False))",
        "Submission.is_admitted.is_(True))",
        "tests/reports",
    ),
    Mutant(
        "nine people are a figure",
        "consulta/disclosure.py",
        "    if value < FEWEST:",
        "    if value < FEWEST - 1:",
        "tests/reports tests/portal",
    ),
    Mutant(
        "the tiles of the record are not compared",
        "consulta/record/verifying.py",
        "        if kept == built:",
        "        if True:",
        "tests/record",
    ),
    Mutant(
        "a witness signs a log that shrank",
        "consulta/record/witness.py",
        "        if head.size < known.size:",
        "        if False:",
        "tests/record/test_keys_and_witness.py",
    ),
    Mutant(
        "the record is signed with a key that nobody announced",
        "consulta/record/keys.py",
        "    elif current.public != public:",
        "    elif False:",
        "tests/record/test_keys_and_witness.py",
    ),
    Mutant(
        "a receipt that was changed is good",
        "consulta/receipts/queries.py",
        "    return Finding.UNKNOWN_KEY if named else Finding.CHANGED",
        "    return Finding.UNKNOWN_KEY if named else None",
        "tests/receipts",
    ),
    Mutant(
        "what is held is destroyed",
        "consulta/archives/disposals.py",
        "    if is_held(submission):",
        "    if False:",
        "tests/archives/test_disposals.py",
    ),
    Mutant(
        "who proposes a disposal authorises it",
        "consulta/archives/disposals.py",
        "    if is_same_hand(actor, disposal):",
        "    if False:",
        "tests/archives/test_disposals.py",
    ),
    Mutant(
        "salts survive a disposal",
        "consulta/archives/purging.py",
        "    session().execute(delete(Opening).where(Opening.leaf_id.in_(leaves)))\n",
        "",
        "tests/archives/test_disposals.py",
    ),
    Mutant(
        "the coordination reads the file of what is reserved",
        "consulta/archives/rules.py",
        "(not reserved or actor.role == Role.CONTROL)",
        "True",
        "tests/archives/test_dossiers.py",
    ),
    *PEOPLE,
)


def run() -> dict[str, Any]:
    """Apply every mutant; reached when each turns a test red."""
    found = {mutant.name: _is_caught(mutant) for mutant in MUTANTS}
    return {"n": len(found), "caught": sum(found.values()), "mutants": found, "reached": all(found.values())}


def _is_caught(mutant: Mutant) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "repository"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        (Path(folder) / "shared").symlink_to(ROOT.parent / "shared")
        target = copy / mutant.file
        text = target.read_text("utf-8")
        if mutant.old not in text:
            raise RuntimeError(f"{mutant.name}: {mutant.file} has changed; bring the mutant up to date")
        text = text.replace(mutant.old, mutant.new, 1)
        if "timedelta" in mutant.new:
            text = text.replace("from datetime import date, datetime", "from datetime import date, datetime, timedelta")
        target.write_text(text, "utf-8")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-n",
            "2",
            "-p",
            "no:cacheprovider",
            *mutant.tests.split(),
        ]
        environ = {**os.environ, "PYTHONPATH": str(copy)}
        done = subprocess.run(command, cwd=copy, env=environ, capture_output=True, text=True)
        # Stopping at the first failure ends xdist with status 2, so the report is read instead.
        return done.returncode != 0 and any(mark in done.stdout for mark in ("FAILED ", "ERROR "))
