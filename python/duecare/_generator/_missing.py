"""A child who goes missing, once or several times."""

from duecare._generator._clock import DAY, HOUR, after_days, after_working_days, text
from duecare._generator._history import History

_REVIEWED = '"risk_checked":true,"actions_set":true,"next_review":"{}"'


def write(history: History, start: int) -> None:
    random = history.random
    episodes = 1 if random.chance(700) else random.between(2, 3)
    at = start
    for number in range(1, episodes + 1):
        recorded, returned = _episode(history, at, number == episodes)
        if number == 3:
            _third(history, recorded)
        at = returned + random.between(3, 24) * DAY


def _episode(history: History, at: int, last: bool) -> tuple[int, int]:
    """Returns the minutes of the record and of the return."""
    random = history.random
    history.add(
        "report.received", at, '"category":"missing","source":"parent","alleges_crime":false', subject="P1"
    )
    found = at + random.between(10, 110)
    if history.plants("missing_record_late"):
        found = at + random.between(130, 400)
        history.plant("missing-record-opened", at + 2 * HOUR, found)
    history.add("missing.reported", found, actor=history.staff.officer(history.unit, random), subject="P1")
    level, hours = ("high", 12) if random.chance(400) else ("medium", 24)
    told = '"informant":"parent, by telephone","rationale":"see the log"'
    history.add("risk.assessed", found + 20, f'"tool":"missing","level":"{level}",{told}', subject="P1")
    returned = found + random.between(5 * HOUR, 60 * HOUR)
    _reviews(history, found + random.between(HOUR, 4 * HOUR), returned, hours)
    history.add("missing.returned", returned, subject="P1")
    _afterwards(history, returned, last)
    return found, returned


def _reviews(history: History, first: int, returned: int, hours: int) -> None:
    at, gap_left = first, history.plants("missing_review")
    while at < returned:
        due = at + hours * HOUR
        sergeant = history.staff.supervisor(history.unit, history.random)
        history.add("missing.reviewed", at, _REVIEWED.format(text(due)), sergeant, "P1")
        following = due - history.random.between(20, 3 * HOUR)
        if gap_left and due < returned:
            gap_left = False
            following = due + history.random.between(2 * HOUR, 10 * HOUR)
            later = following if following < returned else None
            history.plant("missing-review-cadence", due, later, history.key("P1"))
            history.plant("missing-review-by-set-date", due, later, history.key("P1"))
        at = following


def _afterwards(history: History, returned: int, last: bool) -> None:
    random = history.random
    key = history.key("P1")
    closed = returned + random.between(3 * HOUR, 8 * HOUR)
    if history.plants("no_safe_well"):
        history.plant_check("missing-safe-and-well-before-close", closed, key)
    else:
        history.add(
            "missing.safe_and_well", returned + random.between(20, 150), '"face_to_face":true', subject="P1"
        )
    history.add("missing.closed", closed, '"basis":"returned","corroborated":true', subject="P1")
    due = returned + 72 * HOUR
    if history.plants("return_interview"):
        # Not at all only after the last return: the interview after the next would answer this one, too.
        held = None if last and random.chance(500) else due + random.between(HOUR, 4 * HOUR)
        history.plant("missing-return-home-interview-72h", due, held, key)
    elif random.chance(100):
        history.add(
            "interview.refused",
            returned + random.between(HOUR, 70 * HOUR),
            '"offered":"return_home"',
            subject="P1",
        )
        return
    else:
        held = returned + random.between(6 * HOUR, 71 * HOUR)
    if held is not None:
        history.add("interview.return_home", held, '"independent":true', subject="P1")


def _third(history: History, recorded: int) -> None:
    """The third record within 90 days asks for a meeting."""
    due = after_working_days(recorded, 10)
    if history.plants("repeat_meeting"):
        history.plant("missing-repeat-3-in-90", due, None, history.key("P1"), midnight=True)
    else:
        history.add("meeting.multi_agency", after_days(recorded, history.random.between(2, 8)), subject="P1")
