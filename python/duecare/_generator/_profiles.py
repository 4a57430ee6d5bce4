"""How often each kind of failing is planted, in thousandths of the occasions for it.

Only two numbers are published ones. Crimes recorded, Wiltshire 2023 to 2025: 92.4 per cent; the rest is
taken for `crime_late`. Of thirty cases that inspectors read in Wiltshire in April 2023, 18 were graded
below good (4 requires improvement, 14 inadequate): the rates of `wiltshire-2022` are set so that about six
cases of ten have a planted failing. How that splits into kinds is our assumption, not a measurement.
"""

from typing import Final

PROFILES: Final = ("wiltshire-2022", "good-force", "mixed")

_WILTSHIRE: Final[dict[str, int]] = {
    "action_undone": 35,
    "bail_over": 40,
    "child_left_out": 90,
    "child_unseen": 60,
    "conference_late": 60,
    "crime_late": 76,
    "dash_late": 50,
    "detention_review": 15,
    "device_late": 120,
    "enforcement_late": 100,
    "intake": 50,
    "interview_unshared": 60,
    "medical": 60,
    "missing_record_late": 90,
    "missing_review": 60,
    "no_safe_well": 60,
    "no_voice": 60,
    "notice_gaps": 60,
    "notice_unshared": 30,
    "referral_late": 50,
    "repeat_meeting": 150,
    "return_interview": 150,
    "review_empty": 75,
    "review_gap": 75,
    "review_without_date": 20,
    "self_closed": 15,
    "self_review": 10,
    "signs": 60,
    "statement_late": 80,
    "triage_late": 80,
    "unallocated": 30,
    "unchased": 100,
    "unsupervised": 60,
    "untrained": 60,
    "update_gap": 60,
    "victim_uninformed": 75,
    "views": 60,
}
KINDS: Final = tuple(_WILTSHIRE)


def rates(profile: str) -> dict[str, int]:
    """`mixed` is half as bad as `wiltshire-2022`; `good-force` plants one failing in fifty of its."""
    if profile == "wiltshire-2022":
        return dict(_WILTSHIRE)
    if profile == "mixed":
        return {kind: (rate + 1) // 2 for kind, rate in _WILTSHIRE.items()}
    return {kind: -(-rate // 50) for kind, rate in _WILTSHIRE.items()}
