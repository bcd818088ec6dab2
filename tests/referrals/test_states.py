"""Every pair of states, allowed or refused."""

from collections.abc import Callable
from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from consulta.accounts.states import TRANSITIONS as ACCOUNT_TRANSITIONS
from consulta.accounts.states import AccountState
from consulta.analysis.states import TRANSITIONS as CAMPAIGN_TRANSITIONS
from consulta.analysis.states import CampaignState
from consulta.archives.states import DISPOSAL_TRANSITIONS, DisposalState
from consulta.clocks.states import TRANSITIONS as DECREE_TRANSITIONS
from consulta.clocks.states import DecreeState
from consulta.data_rights.states import DATA_RIGHTS_TRANSITIONS, DataRightsState
from consulta.errors import Refused
from consulta.following.states import TRANSITIONS as SUBSCRIPTION_TRANSITIONS
from consulta.following.states import SubscriptionState
from consulta.hooks.states import DELIVERY_TRANSITIONS as WEBHOOK_DELIVERY_TRANSITIONS
from consulta.hooks.states import TRANSITIONS as WEBHOOK_TRANSITIONS
from consulta.hooks.states import WebhookDeliveryState, WebhookState
from consulta.moderation.states import APPEAL_TRANSITIONS, AppealState
from consulta.notices.states import TRANSITIONS as NOTICE_TRANSITIONS
from consulta.notices.states import NoticeState
from consulta.outcomes.states import ACTION_TRANSITIONS, PROJECT_TRANSITIONS, ActionState, ProjectState
from consulta.referrals.rules import check_answer_transition, check_referral_transition
from consulta.referrals.states import CLAIM_TRANSITIONS, AnswerState, ClaimState, ReferralState
from consulta.submissions.states import STANDING_TRANSITIONS, Standing, SubmissionState
from consulta.submissions.states import TRANSITIONS as SUBMISSION_TRANSITIONS
from consulta.windows.rules import check_transition
from consulta.windows.states import CHANGE_TRANSITIONS, DateChangeState, WindowState

Check = Callable[[Any, Any], None]


def by_table(table: dict[Any, frozenset[Any]]) -> Check:
    """Return the check of states whose operations read the table themselves."""

    def check(current: Any, target: Any) -> None:
        if target not in table[current]:
            raise Refused("No puede quedar así.")

    return check


# What may become what, written from the design and not read from the product.
ALLOWED: list[tuple[type[StrEnum], Check, set[tuple[str, str]]]] = [
    (
        ReferralState,
        check_referral_transition,
        {("referred", "returned"), ("referred", "answered"), ("referred", "ended")},
    ),
    (
        AnswerState,
        check_answer_transition,
        {
            ("draft", "submitted"),
            ("submitted", "draft"),
            ("submitted", "signed_off"),
            ("signed_off", "draft"),
            ("signed_off", "published"),
        },
    ),
    (WindowState, check_transition, {("draft", "scheduled"), ("scheduled", "concluded"), ("scheduled", "annulled")}),
    (NoticeState, by_table(NOTICE_TRANSITIONS), {("pending", "sent"), ("pending", "failed"), ("sent", "failed")}),
    (
        SubscriptionState,
        by_table(SUBSCRIPTION_TRANSITIONS),
        {("pending", "confirmed"), ("confirmed", "bounced"), ("bounced", "confirmed")},
    ),
    (
        WebhookState,
        by_table(WEBHOOK_TRANSITIONS),
        {
            ("pending", "active"),
            ("active", "paused"),
            ("active", "suspended"),
            ("paused", "active"),
            ("suspended", "pending"),
        },
    ),
    (
        WebhookDeliveryState,
        by_table(WEBHOOK_DELIVERY_TRANSITIONS),
        {("waiting", "delivered"), ("waiting", "failed")},
    ),
    (DecreeState, by_table(DECREE_TRANSITIONS), {("draft", "published"), ("published", "replaced")}),
    (
        DateChangeState,
        by_table(CHANGE_TRANSITIONS),
        {("proposed", "approved"), ("proposed", "rejected"), ("proposed", "withdrawn")},
    ),
    (
        SubmissionState,
        by_table(SUBMISSION_TRANSITIONS),
        {("received", "published"), ("received", "withheld"), ("published", "withheld"), ("withheld", "published")},
    ),
    (AppealState, by_table(APPEAL_TRANSITIONS), {("open", "upheld"), ("open", "overturned")}),
    (
        CampaignState,
        by_table(CAMPAIGN_TRANSITIONS),
        {("proposed", "confirmed"), ("proposed", "broken"), ("confirmed", "broken"), ("broken", "confirmed")},
    ),
    (
        Standing,
        by_table(STANDING_TRANSITIONS),
        {("stands", "withdrawn"), ("stands", "disowned"), ("withdrawn", "disowned")},
    ),
    (
        ProjectState,
        by_table(PROJECT_TRANSITIONS),
        {
            ("proposed", "committed"),
            ("proposed", "in_progress"),
            ("proposed", "dropped"),
            ("committed", "in_progress"),
            ("committed", "done"),
            ("committed", "dropped"),
            ("in_progress", "done"),
            ("in_progress", "dropped"),
            ("dropped", "proposed"),
        },
    ),
    (
        ActionState,
        by_table(ACTION_TRANSITIONS),
        {
            ("planned", "in_progress"),
            ("planned", "done"),
            ("planned", "not_done"),
            ("in_progress", "done"),
            ("in_progress", "not_done"),
            ("not_done", "planned"),
        },
    ),
    (
        DisposalState,
        by_table(DISPOSAL_TRANSITIONS),
        {("proposed", "authorised"), ("proposed", "rejected"), ("authorised", "done")},
    ),
    (
        DataRightsState,
        by_table(DATA_RIGHTS_TRANSITIONS),
        {
            ("filed", "extended"),
            ("filed", "accepted"),
            ("filed", "denied"),
            ("extended", "accepted"),
            ("extended", "denied"),
            ("accepted", "carried_out"),
        },
    ),
    (ClaimState, by_table(CLAIM_TRANSITIONS), {("open", "accepted"), ("open", "rejected")}),
    (
        AccountState,
        by_table(ACCOUNT_TRANSITIONS),
        {("invited", "active"), ("invited", "suspended"), ("active", "suspended"), ("suspended", "invited")},
    ),
]
PAIRS = [
    pytest.param(check, current, target, (current, target) in allowed, id=f"{states.__name__}-{current}-{target}")
    for states, check, allowed in ALLOWED
    for current, target in product(states, states)
]


@pytest.mark.parametrize(("check", "current", "target", "is_allowed"), PAIRS)
def test_state_changes_only_as_its_table_says(check: Check, current: Any, target: Any, is_allowed: bool) -> None:
    if is_allowed:
        check(current, target)
    else:
        with pytest.raises(Refused):
            check(current, target)
