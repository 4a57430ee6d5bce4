"""Arrest, custody, bail, devices and what the victim hears about them."""

from duecare._generator import _clock
from duecare._generator._clock import DAY, HOUR
from duecare._generator._history import History

_BAIL_ACT = _clock.day_number(2022, 10, 28)


def write(history: History, arrested: int, closed: int) -> int:
    """Returns the minute at which the case can be closed, which bail that ran over may put off."""
    random = history.random
    history.add("suspect.arrested", arrested, f'"offence":"{history.category}"', subject="S1")
    authorised = arrested + random.between(50, 90)
    history.add("custody.detained", authorised - 20, subject="S1")
    history.add("custody.authorised", authorised, actor="c901", subject="S1")
    interviewed = authorised + random.between(2 * HOUR, 4 * HOUR)
    history.add("interview.suspect", interviewed, '"voluntary":false', subject="S1")
    reviewed = authorised + random.between(5 * HOUR, 6 * HOUR)
    released = authorised + random.between(8 * HOUR, 10 * HOUR)
    if history.plants("detention_review"):
        reviewed = authorised + random.between(6 * HOUR + 5, 7 * HOUR + 50)
        history.plant("pace-s40-detention-review-cadence", authorised + 6 * HOUR, reviewed, history.key("S1"))
    heard = '"involved_in_investigation":false,"representations_heard":true'
    history.add("custody.reviewed", reviewed, heard, history.staff.inspector(random), "S1")
    decisions = [arrested, interviewed, released]
    on_bail = _clock.local_day(arrested) >= _BAIL_ACT and random.chance(700)
    history.add(
        "custody.released",
        released,
        f'"how":"{"on_bail" if on_bail else "under_investigation"}"',
        subject="S1",
    )
    if on_bail:
        _grant(history, arrested, interviewed, released + 2)
        decisions.append(released + 2)
    _tell(history, decisions)
    if on_bail:
        closed = _end_bail(history, released + 3, closed)
    _outcome(history, closed - 30)
    return closed


def _grant(history: History, arrested: int, interviewed: int, at: int) -> None:
    day = _clock.date_text(_clock.local_day(arrested))
    if history.plants("views"):
        history.plant_check("bail-victim-views-sought", at)
    else:
        history.add("victim.views_sought", interviewed + 30, '"about":"bail_conditions"')
    inspector = history.staff.inspector(history.random)
    more = f'"conditions":true,"involved_in_investigation":false,"arrested":"{day}"'
    history.add("bail.granted", at, more, inspector, "S1")
    history.add("bail.started", at + 1, f'"arrested":"{day}"', subject="S1")


def _tell(history: History, decisions: list[int]) -> None:
    """Within one working day of each decision: the next morning is always soon enough."""
    last = decisions[-1]
    at = (last // DAY + 1) * DAY + history.random.between(9 * HOUR, 15 * HOUR)
    if history.plants("victim_uninformed"):
        at += history.random.between(5, 12) * DAY
        for decision in decisions:
            due = _clock.after_working_days(decision, 1)
            history.plant("vc-key-decision-enhanced-1wd", due, at, midnight=True)
    history.add("victim.informed", at, '"about":"key_decision","reasons_given":true')
    history.informed.append(at)


def _end_bail(history: History, started: int, closed: int) -> int:
    random = history.random
    due = _clock.end_of_inclusive_months(started, 3)
    ended = min(closed - 3 * DAY, started + random.between(20, 80) * DAY)
    ended = max(ended, started + 16 * DAY)
    if history.plants("bail_over") and _clock.date_text(_clock.local_day(started))[8:] <= "28":
        ended = due + random.between(2, 30) * DAY
        history.plant("bail-initial-limit", due, ended, history.key("S1"), midnight=True)
    ended = ended // DAY * DAY + 11 * HOUR
    history.add("bail.ended", ended, subject="S1")
    _tell_end(history, ended)
    return max(closed, ended + 4 * DAY)


def _tell_end(history: History, ended: int) -> None:
    at = ended + history.random.between(HOUR, 6 * HOUR)
    history.add("victim.informed", at, '"about":"outcome","reasons_given":true')
    history.informed.append(at)


def _outcome(history: History, at: int) -> None:
    if history.random.chance(150):
        history.add("suspect.charged", at, '"bail_refused":false', subject="S1")
    else:
        history.add(
            "suspect.no_further_action", at, '"rationale":"evidential test not met, see review"', subject="S1"
        )


def device(history: History, seized: int) -> None:
    random = history.random
    key = f"{history.case_id}/D1"
    named = f'"exhibit":"{key}"'
    history.add("device.seized", seized, f'{named},"from":"suspect"', subject="S1")
    priority = "priority" if random.chance(400) else "standard"
    submitted = seized + random.between(HOUR, 3 * DAY)
    history.add("device.submitted", submitted, f'{named},"priority":"{priority}"')
    triaged = seized + random.between(3 * DAY + HOUR, 13 * DAY)
    if history.plants("triage_late"):
        triaged = seized + random.between(15, 24) * DAY
        history.plant("df-triage-and-delay", _clock.after_days(seized, 14), triaged, key)
    history.add("device.triaged", triaged, named)
    examined = submitted + random.between(25, 27) * DAY
    if history.plants("device_late"):
        history.add("device.delay_reviewed", submitted + 26 * DAY, named)
        examined = seized + random.between(95, 300) * DAY
        history.plant("df-examined", _clock.after_months(seized, 3), examined, key)
    history.add("device.examined", examined, named)
