"""How often each kind of failing is planted, in thousandths of the occasions for it, and on what that rests.

One rate is published: crimes recorded. Of the rest only the sum is held to something published, the share of
cases with a failing: see `CASE_SHARE`. How that sum splits into kinds is assumed, and said to be so, kind by
kind: no force publishes it. Nothing measured on these cases says anything about a force.
"""

from typing import Final, NamedTuple

PROFILES: Final = ("wiltshire-2022", "good-force", "mixed")

_PEEL: Final = (
    "published: HMICFRS, Wiltshire PEEL 2023-25: 92.4 per cent of crimes recorded (2.7 points either way)"
)
_SHARE: Final = "assumed; the sum is held to CASE_SHARE"
_NAMED: Final = "assumed; HMICFRS, Wiltshire child protection 2022 and 2023, names the failing but no rate"

CASE_SHARE: Final = (
    "HMICFRS, Wiltshire post-inspection review, April 2023: of 30 cases read 12 good, 4 to improve, "
    "14 inadequate. So about six cases in ten of `wiltshire-2022` get a failing. A grade is no count of "
    "breaches, and thirty cases bound the share only to between 42 and 75 per cent (Wilson, 95 per cent)"
)


class Rate(NamedTuple):
    """Of one kind of failing."""

    thousandths: int
    source: str


_WILTSHIRE: Final[dict[str, Rate]] = {
    "action_undone": Rate(35, _SHARE),
    "bail_over": Rate(40, _SHARE),
    "child_left_out": Rate(90, _SHARE),
    "child_unseen": Rate(60, _SHARE),
    "conference_late": Rate(60, _SHARE),
    "crime_late": Rate(76, _PEEL),
    "dash_late": Rate(50, _SHARE),
    "detention_review": Rate(15, _SHARE),
    "device_late": Rate(120, _SHARE),
    "enforcement_late": Rate(100, _SHARE),
    "intake": Rate(50, _SHARE),
    "interview_unshared": Rate(60, _SHARE),
    "medical": Rate(60, _NAMED),
    "missing_record_late": Rate(90, _NAMED),
    "missing_review": Rate(60, _SHARE),
    "no_safe_well": Rate(60, _SHARE),
    "no_voice": Rate(60, _SHARE),
    "notice_gaps": Rate(60, _NAMED),
    "notice_unshared": Rate(30, _SHARE),
    "referral_late": Rate(50, _SHARE),
    "repeat_meeting": Rate(150, _SHARE),
    "return_interview": Rate(150, _SHARE),
    "review_empty": Rate(75, _NAMED),
    "review_gap": Rate(75, _NAMED),
    "review_without_date": Rate(20, _SHARE),
    "self_closed": Rate(15, _SHARE),
    "self_review": Rate(10, _SHARE),
    "signs": Rate(60, _SHARE),
    "statement_late": Rate(80, _NAMED),
    "triage_late": Rate(80, _SHARE),
    "unallocated": Rate(30, _SHARE),
    "unchased": Rate(100, _SHARE),
    "unsupervised": Rate(60, _NAMED),
    "untrained": Rate(60, _NAMED),
    "update_gap": Rate(60, _SHARE),
    "victim_uninformed": Rate(75, _SHARE),
    "views": Rate(60, _SHARE),
}
KINDS: Final = tuple(_WILTSHIRE)
SOURCES: Final = {kind: rate.source for kind, rate in _WILTSHIRE.items()}


def rates(profile: str) -> dict[str, int]:
    """`mixed` is half as bad as `wiltshire-2022`; `good-force` plants one failing in fifty of its."""
    plain = {kind: rate.thousandths for kind, rate in _WILTSHIRE.items()}
    if profile == "wiltshire-2022":
        return plain
    if profile == "mixed":
        return {kind: (rate + 1) // 2 for kind, rate in plain.items()}
    return {kind: -(-rate // 50) for kind, rate in plain.items()}
