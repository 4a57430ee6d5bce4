"""Looks at a host's table and proposes what its columns are. A proposal is a proposal: it never decides."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from duecare._errors import ArgumentError
from duecare._frames import need
from duecare._mapping import MappingLike, read_mapping, tables_of
from duecare._near import did_you_mean
from duecare._policy import DEFAULT_POLICY, Policy
from duecare._tables import file_options, kind_of, read_table, table_name
from duecare._vocabulary import vocabulary

# Forms of dates that are recognised; those of one group cannot be told apart by their shape.
_FORMS = [
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)", "RFC 3339", None),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?", "RFC 3339 without offset", None),
    (r"\d{4}-\d\d-\d\d", "YYYY-MM-DD", None),
    (r"\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d\d:\d\d", "with dots", "%d.%m.%Y %H:%M:%S"),
    (r"\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d\d", "with dots", "%d.%m.%Y %H:%M"),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", "with dots", "%d.%m.%Y"),
    (r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d", "with strokes", "%d/%m/%Y %H:%M:%S"),
    (r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d", "with strokes", "%d/%m/%Y %H:%M"),
    (r"\d{1,2}/\d{1,2}/\d{4}", "with strokes", "%d/%m/%Y"),
]
# Names of columns as _plain() leaves them, the likeliest first.
_NAMES = {
    "case": (
        "case id",
        "case",
        "case concept name",
        "caseid",
        "case number",
        "case no",
        "case ref",
        "case reference",
        "crime number",
        "crime ref",
        "crime reference",
        "investigation id",
        "occurrence number",
        "fallnummer",
        "aktenzeichen",
        "vorgang",
    ),
    "type": (
        "type",
        "event type",
        "event",
        "event name",
        "event code",
        "activity",
        "activity type",
        "action type",
        "concept name",
        "ereignis",
        "vorgangsart",
        "massnahme",
    ),
    "occurred": (
        "occurred at",
        "occurred",
        "occurred on",
        "timestamp",
        "time timestamp",
        "event date",
        "event time",
        "event datetime",
        "date of event",
        "date time",
        "datetime",
        "time",
        "date",
        "datum",
        "ereignisdatum",
    ),
    "recorded": (
        "recorded at",
        "recorded",
        "recorded on",
        "entered at",
        "entered on",
        "entered",
        "created at",
        "created on",
        "erfasst",
        "erfasst am",
        "eingetragen",
    ),
    "actor": (
        "actor",
        "resource",
        "org resource",
        "officer",
        "officer id",
        "staff id",
        "collar number",
        "bearbeiter",
        "sachbearbeiter",
    ),
    "subjects": (
        "subjects",
        "subject",
        "person",
        "person id",
        "child",
        "child id",
        "kind",
        "betroffene",
        "personen",
    ),
}
_BORN = ("born", "date of birth", "dob", "birthday", "birth date", "geburtsdatum", "geboren")
# Forms in which the day and the month may stand in either order, and those with the month first.
_MONTH_FIRST = {"%d/%m/%Y": "%m/%d/%Y", "%d.%m.%Y": "%m.%d.%Y"}
_DAYS = ("YYYY-MM-DD", "%d.%m.%Y", "%d/%m/%Y")
_MOST = 200  # different values that are shown or compared


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what it looks like."""

    name: str
    kind: str
    """``text``, ``date``, ``time``, ``number`` or ``boolean``: of its values, not of its name."""
    distinct: int
    empty: int
    forms: tuple[tuple[str, int], ...] = ()
    """Forms of dates in it, with counts."""
    order: Literal["", "day", "month", "both"] = ""
    """Which part of dates like 03/04/2024 its values show to come first; empty: any may."""

    def said(self) -> str:
        parts = [f"{self.distinct:,} different"]
        if self.empty:
            parts.append(f"{self.empty:,} empty")
        parts += [f"{count:,} {form}" for form, count in self.forms]
        return ", ".join(parts)


@dataclass(slots=True)
class Inspection:
    """What was found, and the mapping proposed from it."""

    name: str
    rows: int
    columns: list[Column]
    proposal: dict[str, Any]
    unmapped: list[tuple[str, int]] = field(default_factory=list)
    unseen: list[tuple[str, int]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def _form(text: str) -> tuple[str, str | None] | None:
    for pattern, form, proposed in _FORMS:
        if re.fullmatch(pattern, text.strip()):
            return (proposed or form), proposed
    return None


def _order(values: Iterable[str]) -> Literal["", "day", "month", "both"]:
    """What numbers above 12 show."""
    day = month = False
    for value in values:
        found = re.match(r"(\d{1,2})[./](\d{1,2})[./]\d{4}", value.strip())
        day = day or (found is not None and int(found[1]) > 12)
        month = month or (found is not None and int(found[2]) > 12)
    if day and month:
        return "both"
    return "day" if day else "month" if month else ""


def _plain(name: str) -> str:
    """A name of a column without what differs from one export to the next: Case_ID, case-id, Case ID."""
    return re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).strip().casefold()


def _column(name: str, array: Any) -> Column:
    compute = need("pyarrow.compute", "Inspecting a table")
    pa = need("pyarrow", "Inspecting a table")
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_null(array.type):  # nothing in it
        return Column(name, "text", 0, len(array))
    counts = compute.value_counts(array).to_pylist()
    empty = sum(row["counts"] for row in counts if row["values"] in (None, ""))
    values = [row for row in counts if row["values"] not in (None, "")]
    kind = "text"
    forms: dict[str, int] = {}
    order: Literal["", "day", "month", "both"] = ""
    if pa.types.is_temporal(array.type):
        kind = "date"
    elif pa.types.is_boolean(array.type):
        kind = "boolean"
    elif not pa.types.is_string(array.type) and not pa.types.is_large_string(array.type):
        kind = "number" if pa.types.is_integer(array.type) or pa.types.is_floating(array.type) else "other"
    else:
        for row in values:
            found = _form(row["values"])
            if found is not None:
                forms[found[0]] = forms.get(found[0], 0) + row["counts"]
        dated = sum(forms.values())
        if values and dated * 10 >= 9 * sum(row["counts"] for row in values):
            kind = "date"
            order = _order(row["values"] for row in values)
        elif values and all(re.fullmatch(r"\d{1,2}:\d\d(:\d\d)?", row["values"].strip()) for row in values):
            kind = "time"
    by_count = sorted(forms.items(), key=lambda item: -item[1])
    return Column(name, kind, len(values), empty, tuple(by_count), order)


def _guess(columns: Iterable[Column]) -> dict[str, Column]:
    by_name = {_plain(column.name): column for column in columns}
    found: dict[str, Column] = {}
    for what, names in _NAMES.items():
        for name in names:
            column = by_name.get(name)
            if column is not None and column not in found.values():
                if what in ("occurred", "recorded") and column.kind != "date":
                    continue
                found[what] = column
                break
    return found


def words_of(policy: Policy | None) -> set[str]:
    """Event types that the vocabulary and the policy have."""
    words = set(vocabulary().get("events", {}))
    if policy is not None:
        words |= set(json.loads(policy.to_json()).get("events", {}))
    return words


def _selectors(node: Any, into: set[str]) -> None:
    """Every text of the duties and facts of a policy that may name an event type."""
    if isinstance(node, str):
        into.update(re.findall(r"[A-Za-z0-9_][\w:-]*(?:\.[\w:*-]+)*|\*", node))
        into.add(node)
    elif isinstance(node, Mapping):
        for value in node.values():
            _selectors(value, into)
    elif isinstance(node, list):
        for value in node:
            _selectors(value, into)


def unseen_by(policy: Policy, types: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Those types that no duty and no fact of the policy names."""
    document = json.loads(policy.to_json())
    names: set[str] = set()
    _selectors([document.get("duties", []), document.get("facts", {})], names)
    prefixes = tuple(name[:-1] for name in names if name.endswith(".*"))
    return [
        (kind, count)
        for kind, count in types
        if kind not in names and not kind.startswith(prefixes or ("\0",))
    ]


def _codes(table: Any, name: str) -> list[tuple[str, int]]:
    compute = need("pyarrow.compute", "Inspecting a table")
    if need("pyarrow", "Inspecting a table").types.is_null(table[name].type):
        return []
    counts = [(row["values"], row["counts"]) for row in compute.value_counts(table[name]).to_pylist()]
    return sorted(
        ((str(code), n) for code, n in counts if code not in (None, "")), key=lambda row: (-row[1], row[0])
    )


def _without_case(codes: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Codes that differ in case alone, together under the most frequent form; most frequent first."""
    together: dict[str, list[tuple[str, int]]] = {}
    for code, n in codes:
        together.setdefault(code.strip().casefold(), []).append((code, n))
    merged = [(forms[0][0], sum(n for _, n in forms)) for forms in together.values()]
    return sorted(merged, key=lambda row: (-row[1], row[0]))


def _near(code: str, words: set[str]) -> str | None:
    plain = re.sub(r"[\s_-]+", ".", code.strip().casefold())
    return plain if plain in words else None


def _dated(column: Column, doubts: list[str]) -> str | dict[str, Any]:
    formats = [form for form, _ in column.forms if form.startswith("%")]
    if not formats:
        return column.name
    if column.order == "month":
        formats = [_month_first(form) for form in formats]
    said = {
        "day": "",
        "month": f"the month comes first ({formats[0]}): a number above 12 stands second.",
        "both": "in some of its dates the day comes first, in others the month. A mapping reads them all in "
        "one way: mend the export.",
        "": f"the day is taken to come first ({formats[0]}); nothing in the file says so.",
    }[column.order]
    if said:
        doubts.append(f'"{column.name}": {said}')
    return {"column": column.name, "date_format": formats}


def _month_first(form: str) -> str:
    day, *rest = form.split(" ")
    return " ".join([_MONTH_FIRST[day], *rest])


def inspect(
    path: str | os.PathLike[str],
    options: Mapping[str, Any] | None = None,
    mapping: MappingLike | None = None,
    policy: Policy | None = None,
) -> Inspection:
    """Reads a file, says what its columns look like, and proposes a mapping (or checks the one given)."""
    given = None if mapping is None else read_mapping(mapping)
    file = {**file_options(given or {}, table_name(path)), **(options or {})}
    table = read_table(path, file)
    columns = [_column(name, table[name]) for name in table.column_names]
    found = Inspection(Path(path).name, table.num_rows, columns, given or {})
    if len(columns) == 1 and kind_of(path, file) == "csv":
        found.doubts.append("There is one column: state the delimiter (--delimiter ';').")
    if given is None:
        _propose(found, table, file, policy)
    else:
        _check(found, table, given, table_name(path), policy)
    return found


def _which(needed: str, found: Inspection, guessed: Mapping[str, Column]) -> str:
    """Asks for a column that no name gave away, with those that might be it by what is in them."""
    free = [column for column in found.columns if column not in guessed.values() and column.distinct > 1]
    fits = {
        "case": lambda column: column.kind in {"text", "number"} and column.distinct > found.rows // 100,
        "type": lambda column: column.kind == "text" and column.distinct <= min(_MOST, found.rows // 2),
        "occurred": lambda column: column.kind == "date" and _plain(column.name) not in _BORN,
    }[needed]
    named = " or ".join(f'"{column.name}"' for column in [*filter(fits, free)][:4])
    asked = f'Which column is "{needed}"? No name says so.'
    return f"{asked} By what is in them, it may be {named}." if named else asked


def _attributes(columns: Iterable[Column]) -> dict[str, str]:
    """A name for each; of two that would be one, the later has a number."""
    names: dict[str, str] = {}
    for column in columns:
        plain = re.sub(r"\W+", "_", column.name.strip()) or "_"
        name, number = plain, 2
        while name in names:
            name, number = f"{plain}_{number}", number + 1
        names[name] = column.name
    return names


def _is_wide(found: Inspection, guessed: Mapping[str, Column]) -> bool:
    """Whether a row is a case, with its dates side by side."""
    case = guessed.get("case")
    dates = [column for column in found.columns if column.kind == "date" and _plain(column.name) not in _BORN]
    return case is not None and "type" not in guessed and len(dates) > 1 and case.distinct == found.rows > 1


def _propose_cases(found: Inspection, guessed: Mapping[str, Column], words: set[str]) -> dict[str, Any]:
    """A section for a table with a row for each case."""
    events = []
    for column in found.columns:
        if column.kind == "date" and _plain(column.name) not in _BORN:
            word = _near(column.name, words) or _near(f"case {_plain(column.name)}", words)
            events.append({"type": word or "?", "occurred": _dated(column, found.doubts)})
            if word is None:
                found.doubts.append(
                    f'What happened on the date in "{column.name}"? Put a word in place of "?".'
                )
    rest = [column for column in found.columns if column.kind != "date" and column != guessed["case"]]
    found.doubts.append(
        f'Each row has a "{guessed["case"].name}" of its own and several dates: it is taken for a case, and '
        "each date for an event. An event that a column of days cannot tell apart, such as each of several "
        "reviews, needs a table with a row for each event."
    )
    section = {"case": guessed["case"].name, "attributes": _attributes(rest), "events": events}
    return {key: value for key, value in section.items() if value}


def _propose_events(
    found: Inspection, table: Any, guessed: Mapping[str, Column], words: set[str], policy: Policy
) -> dict[str, Any]:
    """A section for a table with a row for each event."""
    events: dict[str, Any] = {}
    for what, column in guessed.items():
        events[what] = _dated(column, found.doubts) if what in ("occurred", "recorded") else column.name
    for needed in ("case", "type", "occurred"):
        if needed not in events:
            events[needed] = "?"
            found.doubts.append(_which(needed, found, guessed))
    if "type" in guessed and guessed["type"].distinct <= _MOST:
        codes = _codes(table, guessed["type"].name)
        near = {code: word for code, _ in codes if (word := _near(code, words)) is not None}
        plain = all(code == word for code, word in near.items())
        found.unmapped = _without_case((code, n) for code, n in codes if code not in near)
        # "?" is what whoever reads the proposal has to decide; a mapping that still has it is refused.
        values = near | {code: "?" for code, _ in found.unmapped}
        if found.unmapped or not plain:
            events["type"] = {"column": guessed["type"].name, "values": values, "ignore_case": True}
        found.unseen = unseen_by(policy, [(near[code], n) for code, n in codes if code in near])
    rest = [column for column in found.columns if column not in guessed.values()]
    found.doubts += [
        f'"{column.name}" looks like birthdays: `persons` of the mapping takes it as `born`.'
        if _plain(column.name) in _BORN
        else f'"{column.name}" looks like dates: is it an event of its own?'
        for column in rest
        if column.kind == "date"
    ]
    clock = next((column for column in rest if column.kind == "time"), None)
    days = [form for form, _ in guessed["occurred"].forms] if "occurred" in guessed else []
    if clock is not None and days and all(form in _DAYS for form in days):
        source = events["occurred"]
        source = {"column": source} if isinstance(source, str) else source
        events["occurred"] = {**source, "time": clock.name}
        found.doubts.append(f'"{clock.name}" is taken for the time of day of "{guessed["occurred"].name}".')
        rest.remove(clock)
    if rest:
        events["attributes"] = _attributes(rest)
    return events


def _or_default(policy: Policy | None) -> Policy:
    """Without a policy: what its duties see is asked of the built-in one, as the commands use it."""
    return policy or Policy.builtin(DEFAULT_POLICY)


def _propose(found: Inspection, table: Any, file: dict[str, Any], policy: Policy | None) -> None:
    guessed = _guess(found.columns)
    words = words_of(policy)
    proposal: dict[str, Any] = {"format": "duecare.mapping/1"}
    if file:
        proposal["file"] = file
    if _is_wide(found, guessed):
        proposal["cases"] = _propose_cases(found, guessed, words)
    else:
        proposal["events"] = _propose_events(found, table, guessed, words, _or_default(policy))
    if any(column.kind == "date" for column in found.columns):
        proposal["time_zone"] = "?" if policy is None else json.loads(policy.to_json())["time_zone"]
        found.doubts.append(
            '"time_zone": in which zone are times without an offset? Leave it out for the policy\'s.'
        )
    if found.unmapped:
        found.doubts.append(
            'What does each code mean? Put a word in place of each "?" (duecare vocabulary lists them), or '
            "take the line out: such events are kept and no duty sees them."
        )
    found.proposal = proposal


def _check(found: Inspection, table: Any, given: dict[str, Any], name: str, policy: Policy | None) -> None:
    audited = _or_default(policy)
    words = words_of(audited)
    sections = given.get("events", [])
    is_one_of_several = len(set(filter(None, tables_of(given)))) > 1
    for section in sections if isinstance(sections, list) else [sections]:
        if is_one_of_several and section.get("table", name) != name:
            continue
        source = section["type"]
        source = {"column": source} if isinstance(source, str) else source
        if source.get("column") not in table.column_names:
            if "column" in source:
                raise ArgumentError(f'The table has no column "{source["column"]}".')
            continue
        fold = str.casefold if source.get("ignore_case") else str
        values = {fold(code.strip()): word for code, word in source.get("values", {}).items()}
        codes = _codes(table, source["column"])
        if values:
            found.unmapped += [(code, n) for code, n in codes if fold(code.strip()) not in values]
        types: dict[str, int] = {}
        for code, n in codes:
            word = values.get(fold(code.strip()), code)
            types[word] = types.get(word, 0) + n
        found.unseen += unseen_by(audited, sorted(types.items(), key=lambda row: (-row[1], row[0])))
        for word in dict.fromkeys(source.get("values", {}).values()):
            if isinstance(word, str) and word not in words and unseen_by(audited, [(word, 1)]):
                told = f'"{word}" is no word of the policy or vocabulary, so that no duty sees it.'
                found.doubts.append(f"{told} {did_you_mean(word, words)}".rstrip())
