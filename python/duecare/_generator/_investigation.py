"""An investigation from the first report to its end."""

from duecare._generator import _partners, _reviews, _suspect
from duecare._generator._clock import DAY, HOUR, after_days
from duecare._generator._history import HORIZON, History
from duecare._generator._staff import UNITS

_LOGS = (
    "Statement taken from the neighbour, exhibit produced.",
    "Phone rang out, message left.",
    "CCTV requested from the shop, retention seven days.",
    "Teacher spoken to, attendance good.",
    "Housing confirms the adress and who lives there.",
    "Interpreter booked for Thursday.",
    "Socail worker will visit on Tuesday with the health visitor.",
    "Log transfered to the team, duty inspector informed.",
)
_SIGNS = (
    (
        "signs-neglect-acted-on",
        "Called with papers. Flat smells of urine, no food in the fridge, baby asleep.",
    ),
    ("signs-abuse-acted-on", "Child has a bruise on the cheek, says he cannot remember how."),
    ("signs-exploitation-acted-on", "Seen outside the shops with a new phone, would not say who gave it."),
    ("signs-self-harm-acted-on", "Told the call taker she wants to die, hung up."),
)


def write(history: History, start: int) -> None:
    random = history.random
    opened = start + random.between(30, 180)
    officer = _open(history, start, opened)
    closed = opened + random.between(21, 75) * DAY + random.between(0, 6) * HOUR
    _partners.write(history, start, opened)
    earliest = start + 7 * DAY
    if history.category == "online_abuse":
        earliest = _online(history, start)
        closed = max(closed, earliest + 12 * DAY)
    if random.chance(550):
        arrested = (earliest // DAY + random.between(1, 6)) * DAY + random.between(8 * HOUR, 11 * HOUR)
        closed = _suspect.write(history, arrested, closed)
        if random.chance(500):
            _suspect.device(history, arrested + random.between(20, 200))
    if random.chance(350):
        _request(history, opened)
    _reviews.write(history, opened, closed, officer)
    _logs(history, opened, closed)
    _updates(history, opened, closed)
    _close(history, closed, officer)


def _open(history: History, start: int, opened: int) -> tuple[str, int]:
    """Until the case has its officer; returns the officer and when the officer got it."""
    random, unit, staff = history.random, history.unit, history.staff
    history.add("incident.registered", start + random.between(3, 12), actor="c902")
    recorded = start + random.between(HOUR, 22 * HOUR)
    if history.plants("crime_late"):
        recorded = start + random.between(25 * HOUR, 90 * HOUR)
        history.plant("ncrs-24h-record", start + 24 * HOUR, recorded)
    history.add("crime.recorded", recorded, f'"offence":"{history.category}"')
    history.add("victim.contact_agreed", start + random.between(15, 29), '"every":"four_weekly"')
    sergeant = staff.supervisor(unit, random)
    history.add("case.opened", opened, f'"category":"{history.category}"', sergeant)
    allocated = opened + random.between(30, 28 * HOUR)
    if history.plants("unallocated"):
        allocated = opened + random.between(4 * DAY, 17 * DAY)
        history.plant("sup-case-allocated", after_days(opened, 3), allocated)
    untrained = history.category != "sexual_offence" and history.plants("untrained")
    officer = staff.untrained(unit, random) if untrained else staff.officer(unit, random)
    named = f'"to":"{officer}","unit":"{UNITS[history.unit]}"'
    history.add("case.allocated", allocated, named, sergeant)
    history.add("case.accepted", allocated + 15, actor=officer)
    history.add(
        "plan.recorded",
        allocated + random.between(30, 600),
        f'"lines_of_enquiry":{random.between(2, 7)}',
        officer,
    )
    if untrained:
        duty = "cap-child-abuse-investigator-pip2"
        if history.category == "domestic_abuse":
            duty = "cap-domestic-abuse-trained"
        history.plant_check(duty, allocated + 15)
    return officer, allocated


def _online(history: History, start: int) -> int:
    """Returns the minute of the search; an arrest before it would be the enforcement."""
    random = history.random
    checked = start + random.between(HOUR, 20 * HOUR)
    if history.plants("intake"):
        checked = start + random.between(30 * HOUR, 400 * HOUR)
        history.plant("online-intake-checked", start + 24 * HOUR, checked)
    history.add(
        "checks.completed", checked, '"sources":["pnc","local","employment","children_access"],"matched":true'
    )
    level, days = ("high", 7) if random.chance(300) else ("medium", 14)
    assessed = start + random.between(2 * HOUR, 10 * HOUR)
    history.add("risk.assessed", assessed, f'"tool":"kirat","level":"{level}"', subject="S1")
    history.answers.append(assessed)
    entered = assessed + random.between(DAY // 2, (days - 1) * DAY)
    if history.plants("enforcement_late"):
        entered = assessed + random.between((days + 1) * DAY, 20 * DAY)
        history.plant("kirat-enforcement-times", after_days(assessed, days), entered, history.key("S1"))
    history.add("warrant.executed", entered, subject="S1")
    return entered


def _request(history: History, opened: int) -> None:
    random = history.random
    key = f"{history.case_id}/Q1"
    named = f'"request":"{key}"'
    sent = opened + random.between(DAY, 9 * DAY)
    history.add("request.sent", sent, f'{named},"about_victim":false,"holder":"school"')
    if history.plants("unchased"):
        answered = sent + random.between(15 * DAY, 60 * DAY)
        history.plant("tp-request-chased", after_days(sent, 14), answered, key)
    else:
        answered = sent + random.between(2 * DAY, 40 * DAY)
        if answered > sent + 12 * DAY:
            history.add("request.chased", sent + 12 * DAY, named)
    history.add("request.answered", answered, named)


def _logs(history: History, opened: int, closed: int) -> None:
    random = history.random
    for _ in range(random.below(3)):
        at = random.between(opened, closed)
        text = f'"text":"{random.pick(_LOGS)}"'
        name = history.add("log.entry", at, text)
        if name and random.chance(60):
            _correct(history, at, name, text)
    if random.chance(40):
        _sign(history, opened, closed)


def _correct(history: History, at: int, name: str, text: str) -> None:
    """A typing error: the entry goes, or another takes its place, later on the same day."""
    if at + 60 <= HORIZON:
        more = f',"replaces":"{name}"' + (',"withdrawn":true' if history.random.chance(300) else "")
        history.add("log.entry", at, text, recorded=at + 55, more=more)


def _sign(history: History, opened: int, closed: int) -> None:
    """A sign in a log entry; most often somebody assesses the risk the same day."""
    random = history.random
    at = random.between(opened + 4 * DAY, closed - 2 * DAY)
    duty, text = random.pick(_SIGNS)
    history.add("log.entry", at, f'"text":"{text}"')
    near = any(at - DAY <= answer <= at + DAY for answer in history.answers)
    if not near and history.plants("signs"):
        later = [answer for answer in history.answers if answer > at]
        history.plant(duty, at + DAY, min(later) if later else None)
    else:
        history.add("risk.assessed", at + random.between(10, 20 * HOUR), '"tool":"other","level":"medium"')


def _updates(history: History, opened: int, closed: int) -> None:
    """The victim hears at least every four weeks, as agreed, while the case is open."""
    gap_left = history.plants("update_gap")
    last = opened
    for heard in (*sorted(at for at in history.informed if opened <= at < closed), closed):
        while after_days(last, 28) < heard:
            due = after_days(last, 28)
            if gap_left:
                gap_left = False
                history.plant("vc-agreed-updates", due, heard if heard < closed else None)
                break
            last = due - history.random.between(HOUR, 3 * DAY)
            history.add("victim.informed", last, '"about":"progress","reasons_given":true')
        last = heard


def _close(history: History, closed: int, officer: tuple[str, int]) -> None:
    by = history.staff.supervisor(history.unit, history.random)
    if history.plants("self_closed"):
        by = officer[0]
        history.plant_check("sup-closure-by-another", closed)
    said = '"outcome":"no_further_action","rationale":"see the last review","open_lines":0'
    for duty, key in history.undone:
        history.plant_undone(duty, closed, key)
    history.add("case.closed", closed, f'{said},"authorised_by":"{by}"', by)
