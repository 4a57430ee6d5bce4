"""The chapters of the report: what inspectors of child protection ask, and the areas of duties under each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """A question, and the areas whose duties answer it."""

    anchor: str
    title: str
    asks: str
    areas: tuple[str, ...]


THEMES = (
    Theme(
        "supervision",
        "Is somebody supervising the investigation?",
        "Cases are given to somebody who is trained for them, and a supervisor reads them in time, tests "
        "what was "
        "done, and sets what comes next.",
        ("supervision", "capability"),
    ),
    Theme(
        "children",
        "Are children seen, spoken to and listened to?",
        "A child is seen, and what the child says and how the child is are written down.",
        ("voice-of-the-child",),
    ),
    Theme(
        "partners",
        "Is risk noticed, and shared with those who can help?",
        "Concerns reach children's services, schools and health in time, and somebody acts on the answer.",
        ("safeguarding-and-partners", "domestic-abuse"),
    ),
    Theme(
        "missing",
        "Are missing and exploited children looked for and protected?",
        "Missing children are recorded, searched for and talked with when they are back.",
        ("missing", "exploitation"),
    ),
    Theme(
        "offenders",
        "Are those who put children at risk dealt with?",
        "Suspects are arrested and interviewed, bail is kept, and known offenders are visited.",
        ("sexual-offences", "online-abuse", "investigation-and-bail"),
    ),
    Theme(
        "evidence",
        "Does evidence wait?",
        "Devices are examined and other bodies answer, before a child has to wait for years.",
        ("digital-evidence", "third-party-material"),
    ),
    Theme(
        "detention",
        "Are children in police detention looked after?",
        "Detention is reviewed, short, and with an appropriate adult.",
        ("detention",),
    ),
    Theme(
        "victims",
        "Are victims told and heard?",
        "Victims are told of decisions, and asked before what concerns them.",
        ("victims",),
    ),
    Theme(
        "records",
        "Can the record be relied on?",
        "Crimes are recorded, entries are made when things happen, and nothing needed is left out.",
        ("records-quality",),
    ),
)
OTHER = Theme("other", "Other duties", "Duties of areas that are in none of the chapters above.", ())


def theme_of(area: str) -> Theme:
    return next((theme for theme in THEMES if area in theme.areas), OTHER)
