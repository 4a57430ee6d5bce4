"""The staff of the force that the generator invents."""

from duecare._generator._random import Random

UNITS = (
    "Child Abuse North",
    "Child Abuse South",
    "Domestic Abuse",
    "Online Abuse",
    "Missing and Exploitation",
)
_OFFICERS = 24
_SUPERVISORS = 5
_TRAINING = {
    "Child Abuse North": '"PIP1","PIP2","SCAIDP","ABE"',
    "Child Abuse South": '"PIP1","PIP2","SCAIDP","ABE"',
    "Domestic Abuse": '"PIP1","PIP2","DA"',
    "Online Abuse": '"PIP1","PIP2","SCAIDP","ABE"',
    "Missing and Exploitation": '"PIP1","PIP2","SCAIDP","ABE"',
}


class Staff:
    """Who works where. Ids: `o` officers, `s` supervisors, `i` inspectors, `u` those without training."""

    def officer(self, unit: int, random: Random) -> str:
        """Workloads differ: the smaller of two draws makes some hold far more than others."""
        return f"o{unit}{min(random.below(_OFFICERS), random.below(_OFFICERS)):02}"

    def untrained(self, unit: int, random: Random) -> str:
        return f"u{unit}{random.below(4):02}"

    def supervisor(self, unit: int, random: Random) -> str:
        return f"s{unit}{random.below(_SUPERVISORS):02}"

    def inspector(self, random: Random) -> str:
        return f"i9{random.below(6):02}"

    def document(self, random: Random) -> str:
        """The register, one line of JSON. One officer in eight was promoted to sergeant meanwhile."""
        entries = []
        for number, unit in enumerate(UNITS):
            for index in range(_OFFICERS):
                until = (
                    f"{random.between(2022, 2023)}-{random.between(1, 12):02}-01" if index % 8 == 7 else ""
                )
                entries.append(_entry(f"o{number}{index:02}", "constable", unit, _TRAINING[unit], until))
            entries += [_entry(f"u{number}{index:02}", "constable", unit, '"PIP1"') for index in range(4)]
            entries += [
                _entry(f"s{number}{index:02}", "sergeant", unit, _TRAINING[unit])
                for index in range(_SUPERVISORS)
            ]
        entries += [_entry(f"i9{index:02}", "inspector", "Duty", '"PIP2"') for index in range(6)]
        return f'{{"format":"duecare.staff/1","staff":[{",".join(entries)}]}}\n'


def _entry(name: str, rank: str, unit: str, training: str, promoted: str = "") -> str:
    rest = f'"unit":"{unit}","accreditations":[{training}]}}'
    first = f'{{"from":"2012-01-01","rank":"{rank}",{rest}'
    if promoted:
        first = (
            f'{{"from":"2012-01-01","until":"{promoted}","rank":"{rank}",{rest},'
            f'{{"from":"{promoted}","rank":"sergeant",{rest}'
        )
    return f'{{"id":"{name}","service":[{first}]}}'
