"""The child, notices, children's services, and what a domestic abuse incident asks for."""

from duecare._generator._clock import DAY, HOUR, after_days, after_working_days, end_of_day, local_day
from duecare._generator._history import History

_FULL = (
    '"ethnicity_recorded":true,"school_recorded":true,"siblings_recorded":true,"child_voice_recorded":true'
)
_GAPS = (
    '"ethnicity_recorded":true,"school_recorded":false,"siblings_recorded":true,"child_voice_recorded":true'
)


def write(history: History, start: int, opened: int) -> None:
    random = history.random
    if history.category == "domestic_abuse":
        _incident(history, start)
    else:
        _spoken(history, "P1", start + random.between(HOUR, 30 * HOUR))
        _notice(history, start + random.between(2 * HOUR, 10 * HOUR), "P1", 1)
    _referral(history, start + random.between(3 * HOUR, 12 * HOUR))
    _strategy(history, start + random.between(5 * HOUR, 20 * HOUR))
    if history.category in ("child_abuse", "sexual_offence"):
        if random.chance(600):
            _interview(history, start + random.between(2, 9) * DAY)
        _medical(history, start)
    if history.category == "exploitation":
        history.add("exploitation.identified", opened + HOUR, subject="P1")
        history.add("nrm.referred", opened + random.between(DAY, 6 * DAY), subject="P1")


def _spoken(history: History, child: str, at: int) -> None:
    says = '"views":"see the note","demeanour":"quiet, at ease with the grandmother","alone":true'
    if history.plants("no_voice"):
        says = '"views":"see the note","alone":false'
        history.plant_check("child-views-recorded", at)
    history.add("child.spoken_to", at, says, subject=child)


def _notice(history: History, at: int, child: str, number: int) -> None:
    random = history.random
    key = f"{history.case_id}/N{number}"
    named = f'"notice":"{key}"'
    gaps = history.plants("notice_gaps")
    if gaps:
        history.plant_check("records-ppn-content", at)
    history.add("notice.submitted", at, f'{named},"grade":"amber",{_GAPS if gaps else _FULL}', subject=child)
    history.answers.append(at)
    history.add("notice.reviewed", at + random.between(2 * HOUR, 20 * HOUR), named)
    if history.plants("notice_unshared"):
        history.plant("ppn-shared-with-social-care", at + DAY, None, key)
    else:
        history.add(
            "notice.shared", at + random.between(3 * HOUR, 23 * HOUR), f'{named},"with":"children_services"'
        )


def _referral(history: History, at: int) -> None:
    random = history.random
    key = f"{history.case_id}/R1"
    named = f'"referral":"{key}"'
    history.add("referral.children_services", at, named, subject="P1")
    history.answers.append(at)
    answered = at + random.between(HOUR, 11 * HOUR)
    if history.plants("referral_late"):
        due = after_working_days(at, 1)
        answered = due + random.between(9 * HOUR, 100 * HOUR)
        history.plant("wt-referral-decision-1wd", due, answered, key, midnight=True)
        history.add("referral.chased", at + 20 * HOUR, named)
    history.add("referral.answered", answered, f'{named},"decision":"joint enquiry","lead":"team manager"')


def _strategy(history: History, at: int) -> None:
    random = history.random
    enquiry = history.category != "domestic_abuse" and random.chance(500)
    agencies = '"agencies":["police","children_services","health"]'
    history.add(
        "strategy.discussion", at, f'{agencies},"section_47":{"true" if enquiry else "false"}', subject="P1"
    )
    history.answers.append(at)
    if not enquiry:
        return
    held = after_days(at, random.between(8, 14))
    if history.plants("conference_late"):
        due = after_working_days(at, 15)
        held = due + random.between(9 * HOUR, 20 * DAY)
        history.plant("wt-icpc-15wd", due, held, history.key("P1"), midnight=True)
    history.add("conference.initial", held, subject="P1")


def _interview(history: History, at: int) -> None:
    random = history.random
    by = history.staff.officer(history.unit, random)
    history.add("interview.child", at, '"plan_recorded":true,"joint":true', by, "P1")
    if history.plants("interview_unshared"):
        history.undone.append(("abe-share-after-interview", history.key("P1")))
    else:
        says = '"about":"recorded_interview","with":"children_services","child_words_included":true'
        shared = at + random.between(HOUR, 20 * HOUR)
        history.add("information.shared", shared, f'{says},"demeanour_included":true', subject="P1")


def _medical(history: History, start: int) -> None:
    """Only where the last episode was recent, which `_generator` wrote into the report."""
    if not history.recent:
        return
    if history.plants("medical"):
        due = end_of_day(local_day(start))
        history.plant("csa-medical-same-day-referral", due, None, history.key("P1"), midnight=True)
    else:
        history.add("medical.referred", start + history.random.between(20, 80), subject="P1")


def _incident(history: History, start: int) -> None:
    random, staff, unit = history.random, history.staff, history.unit
    at = start + random.between(15, 60)
    wrote = '"demeanour_recorded":true,"injuries_photographed":true,"first_accounts_recorded":true'
    history.add("incident.attended", at, f'"category":"domestic_abuse",{wrote}', staff.officer(unit, random))
    unseen = history.plants("child_unseen")
    for child in history.children:
        if unseen:
            history.undone.append(("da-see-and-speak-to-child", history.key(child)))
        else:
            _spoken(history, child, at + random.between(10, 60))
    _dash(history, at)
    if history.plants("unsupervised"):
        history.undone.append(("da-supervisor-checklist", None))
    else:
        checked = '"children_checked":true,"risk_tool_checked":true,"safety_plan_checked":true'
        checked += ',"orders_considered":true'
        history.add(
            "incident.supervised",
            at + random.between(2 * HOUR, 20 * HOUR),
            checked,
            staff.supervisor(unit, random),
        )
    taken = start + random.between(4 * HOUR, 6 * DAY)
    if history.plants("statement_late"):
        taken = start + random.between(8, 18) * DAY
        history.plant("da-victim-statement", after_days(start, 7), taken)
    history.add("statement.taken", taken)
    left_out = len(history.children) > 1 and history.plants("child_left_out")
    for number, child in enumerate(history.children, 1):
        if number == 2 and left_out:
            history.plant("da-notice-for-every-child", at + DAY, None, history.key(child))
        else:
            _notice(history, at + random.between(HOUR, 8 * HOUR), child, number)


def _dash(history: History, at: int) -> None:
    random = history.random
    assessed = at + random.between(30, 20 * HOUR)
    if history.plants("dash_late"):
        assessed = at + random.between(26 * HOUR, 70 * HOUR)
        history.plant("dash-review-new-incident", at + DAY, assessed)
    score = random.between(3, 13) if random.chance(880) else random.between(14, 20)
    history.add(
        "risk.assessed", assessed, f'"tool":"dash","level":"medium","score":{score},"children_recorded":true'
    )
    history.answers.append(assessed)
    if score >= 14:
        history.add("marac.referred", assessed + random.between(HOUR, 2 * DAY))
