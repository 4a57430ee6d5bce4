"""Looks at a host's table and proposes what its columns are. A proposal is a proposal: it never decides."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from duecare._errors import ArgumentError
from duecare._frames import need
from duecare._mapping import MappingLike, read_mapping
from duecare._policy import Policy
from duecare._tables import kind_of, read_table
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
_NAMES = {
    "case": (
        "case_id",
        "case",
        "case:concept:name",
        "caseid",
        "case id",
        "fallnummer",
        "aktenzeichen",
        "vorgang",
    ),
    "type": (
        "type",
        "event_type",
        "event",
        "activity",
        "concept:name",
        "ereignis",
        "vorgangsart",
        "massnahme",
    ),
    "occurred": (
        "occurred_at",
        "occurred",
        "timestamp",
        "time:timestamp",
        "time",
        "date",
        "datum",
        "ereignisdatum",
    ),
    "recorded": ("recorded_at", "recorded", "entered_at", "erfasst", "erfasst am", "eingetragen"),
    "actor": ("actor", "resource", "org:resource", "officer", "staff_id", "bearbeiter", "sachbearbeiter"),
    "subjects": ("subjects", "subject", "person", "person_id", "child", "kind", "betroffene", "personen"),
}
_BORN = ("born", "date of birth", "date_of_birth", "dob", "birthday", "birth_date", "geburtsdatum", "geboren")
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


def _column(name: str, array: Any) -> Column:
    compute = need("pyarrow.compute", "Inspecting a table")
    pa = need("pyarrow", "Inspecting a table")
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    counts = compute.value_counts(array).to_pylist()
    empty = sum(row["counts"] for row in counts if row["values"] in (None, ""))
    values = [row for row in counts if row["values"] not in (None, "")]
    kind = "text"
    forms: dict[str, int] = {}
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
        elif values and all(re.fullmatch(r"\d{1,2}:\d\d(:\d\d)?", row["values"].strip()) for row in values):
            kind = "time"
    return Column(name, kind, len(values), empty, tuple(sorted(forms.items(), key=lambda item: -item[1])))


def _guess(columns: Iterable[Column]) -> dict[str, Column]:
    by_name = {column.name.casefold(): column for column in columns}
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
    doubts.append(
        f'"{column.name}": the day is taken to come first ({formats[0]}); nothing in the file says so.'
    )
    return {"column": column.name, "date_format": formats}


def inspect(
    path: str | os.PathLike[str],
    options: Mapping[str, Any] | None = None,
    mapping: MappingLike | None = None,
    policy: Policy | None = None,
) -> Inspection:
    """Reads a file, says what its columns look like, and proposes a mapping (or checks the one given)."""
    given = None if mapping is None else read_mapping(mapping)
    file = {**((given or {}).get("file") or {}), **(options or {})}
    table = read_table(path, file)
    columns = [_column(name, table[name]) for name in table.column_names]
    found = Inspection(Path(path).name, table.num_rows, columns, given or {})
    if len(columns) == 1 and kind_of(path, file) == "csv":
        found.doubts.append("There is one column: state the delimiter (--delimiter ';').")
    if given is None:
        _propose(found, table, file, policy)
    else:
        _check(found, table, given, policy)
    return found


def _propose(found: Inspection, table: Any, file: dict[str, Any], policy: Policy | None) -> None:
    guessed = _guess(found.columns)
    words = words_of(policy)
    proposal: dict[str, Any] = {"format": "duecare.mapping/1"}
    if file:
        proposal["file"] = file
    events: dict[str, Any] = {}
    for what, column in guessed.items():
        events[what] = _dated(column, found.doubts) if what in ("occurred", "recorded") else column.name
    for needed in ("case", "type", "occurred"):
        if needed not in events:
            events[needed] = "?"
            found.doubts.append(f'Which column is "{needed}"? None could be told by its name and content.')
    if "type" in guessed and guessed["type"].distinct <= _MOST:
        codes = _codes(table, guessed["type"].name)
        near = {code: word for code, _ in codes if (word := _near(code, words)) is not None}
        plain = all(code == word for code, word in near.items())
        found.unmapped = _without_case((code, n) for code, n in codes if code not in near)
        # "?" is what whoever reads the proposal has to decide; a mapping that still has it is refused.
        values = near | {code: "?" for code, _ in found.unmapped}
        if found.unmapped or not plain:
            events["type"] = {"column": guessed["type"].name, "values": values, "ignore_case": True}
        if policy is not None:
            found.unseen = unseen_by(policy, [(near[code], n) for code, n in codes if code in near])
    used = {column.name for column in guessed.values()}
    rest = [column for column in found.columns if column.name not in used]
    dated = [column for column in rest if column.kind == "date"]
    found.doubts += [
        f'"{column.name}" looks like birthdays: `persons` of the mapping takes it as `born`.'
        if column.name.strip().casefold() in _BORN
        else f'"{column.name}" looks like dates: is it an event of its own?'
        for column in dated
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
        events["attributes"] = {re.sub(r"\W+", "_", column.name.strip()): column.name for column in rest}
    proposal["events"] = events
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


def _check(found: Inspection, table: Any, given: dict[str, Any], policy: Policy | None) -> None:
    sections = given.get("events", [])
    for section in sections if isinstance(sections, list) else [sections]:
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
        if policy is not None:
            found.unseen += unseen_by(policy, sorted(types.items(), key=lambda row: (-row[1], row[0])))
