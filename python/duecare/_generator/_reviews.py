"""Supervision: the rhythm of reviews, what they say, and the actions they set."""

from duecare._generator._clock import DAY, HOUR, after_days, date_text, end_of_day, local_day
from duecare._generator._history import History

_SAYS = '"timeliness_checked":true,"victim_contact_checked":true,"lines_of_enquiry_tested":'
_GOOD = _SAYS + 'true,"evidence_cited":true'
_EMPTY = _SAYS + 'false,"evidence_cited":false'


def write(history: History, opened: int, closed: int, officer: tuple[str, int]) -> None:
    random = history.random
    high = random.chance(300)
    days = 7 if high else 14
    _grade(history, opened + 20, high)
    at = _first(history, opened, closed, officer[1])
    gap_left, empty_left = history.plants("review_gap"), history.plants("review_empty")
    whole = True
    dateless_left, number = history.plants("review_without_date"), 0
    while at < closed:
        number += 1
        set_for = local_day(at) + days
        changed = number == 1 and random.chance(150)
        if changed:
            # A higher risk shortens the time from now on, a lower one only after the next review.
            high = not high
            _grade(history, at + 2 * HOUR, high)
            days = 7
        due = after_days(at, days)
        empty = empty_left and number == 2
        dateless = dateless_left and number == 3
        _review(history, at, set_for, empty, dateless)
        if number % 3 == 1:
            _action(history, at, officer[0], f"{history.case_id}/A{number}")
        following = due - random.between(HOUR, days * DAY // 4)
        if gap_left and number >= 2 and not dateless and end_of_day(set_for) + DAY < closed:
            gap_left = whole = False
            following = end_of_day(set_for) + random.between(HOUR, 9 * DAY)
            answered = following if following < closed else None
            history.plant("sup-review-cadence-by-crime-type", due, answered)
            history.plant("sup-review-by-set-date", end_of_day(set_for), answered, midnight=True)
        if changed and not high:
            days = 14
        at = following
    if (
        number >= 2
        and whole
        and history.plants("self_review")
        and officer[0][0] == "o"
        and int(officer[0][2:]) % 8 != 7
    ):
        _by_officer(history, officer, opened, closed, days)


def _grade(history: History, at: int, high: bool) -> None:
    history.add("risk.assessed", at, f'"tool":"case","level":"{"high" if high else "medium"}"')
    history.answers.append(at)


def _first(history: History, opened: int, closed: int, allocated: int) -> int:
    """The first review: within two days, but not before there is an officer whose work can be reviewed."""
    at = max(opened + history.random.between(30 * HOUR, 46 * HOUR), allocated + HOUR)
    due = after_days(opened, 2)
    if at > due:
        history.plant("sup-review-cadence-by-crime-type", due, at if at < closed else None)
    return at


def _review(history: History, at: int, set_for: int, empty: bool, dateless: bool) -> None:
    random = history.random
    by = history.staff.supervisor(history.unit, random)
    says = _EMPTY if empty else _GOOD
    if empty:
        history.plant_check("sup-quality-of-review", at)
        history.plant_check("sup-review-cites-evidence", at)
    if dateless:
        history.plant_check("sup-review-sets-next-step", at)
        says += ',"actions_set":false'
    else:
        says += f',"actions_set":true,"next_review":"{date_text(set_for)}"'
    recorded = at + random.between(30, 20 * HOUR) if random.chance(80) else None
    if random.chance(10):
        recorded = at + random.between(15, 25) * DAY
    history.add("review.supervisor", at, says, by, recorded=recorded)


def _action(history: History, at: int, officer: str, key: str) -> None:
    random = history.random
    due = local_day(at) + random.between(3, 10)
    history.add("action.set", at + 5, f'"action":"{key}","to":"{officer}","due":"{date_text(due)}"')
    if history.plants("action_undone"):
        history.plant("sup-action-done", end_of_day(due), None, key, midnight=True)
    else:
        done = max(at + HOUR, end_of_day(due) - random.between(5 * HOUR, 60 * HOUR))
        history.add("action.done", done, f'"action":"{key}","result":"done, see the log"', officer)


def _by_officer(history: History, officer: tuple[str, int], opened: int, closed: int, days: int) -> None:
    """The officer writes a review of the own work; the rhythm does not count it."""
    at = max(opened, officer[1]) + 3 * DAY + history.random.between(HOUR, 20 * HOUR)
    if at >= closed:
        return
    says = f'{_GOOD},"actions_set":true,"next_review":"{date_text(local_day(at) + 2 * days + 12)}"'
    history.add("review.supervisor", at, says, officer[0])
    history.plant_check("sup-reviewer-fresh-perspective", at)
    history.plant_check("sup-review-rank", at)
