"""Conditions in plain words.

Each simple condition has three forms: what it says after a noun ("by a sergeant or above"), and a subject
with a predicate ("it", "done by a sergeant or above") for sentences with *is* and *must be*. What has no
words stands as the expression itself, in code font: never is part of a condition left out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from duecare._handbook._expression import (
    Call,
    Items,
    Node,
    NotReadError,
    Path,
    Persons,
    Value,
    parse,
    text_of,
)
from duecare._handbook._words import article, code, day, listed, plain, quoted, spoken, valued

# Attribute names that are already the beginning of a phrase: `about`, `under`.
_PREPOSITIONS = frozenset(["about", "against", "by", "for", "from", "of", "on", "to", "under", "with"])
_DATES = {"<": "before", "<=": "on or before", ">": "after", ">=": "on or after"}
_COMPARED = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_INFINITIVES = {"is": "be", "has": "have", "mentions": "mention"}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in its three forms."""

    modifier: str
    subject: str
    predicate: str
    verb: str = "is"

    @property
    def clause(self) -> str:
        return f"{self.subject} {self.verb} {self.predicate}"

    @property
    def demand(self) -> str:
        infinitive = _INFINITIVES[self.verb]
        if self.predicate.startswith("not "):
            return f"{self.subject} must not {infinitive} {self.predicate.removeprefix('not ')}"
        return f"{self.subject} must {infinitive} {self.predicate}"


@dataclass(frozen=True)
class Speaker:
    """Puts conditions into words; knows the names that the policy gives."""

    events: Mapping[str, str] = field(default_factory=dict)
    """Titles by event type."""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def event(self, name: str) -> str:
        title = self.events.get(name)
        return f"“{plain(title)}”" if title else code(name)

    # ---- What a whole expression says ----------------------------------------------------------------------

    def modifiers(self, text: str) -> str:
        """What it says after a noun: ``by a sergeant or above, with views recorded``."""
        return self._whole(text, lambda node: self._joined(node, "modifier"), "where ")

    def clause(self, text: str) -> str:
        """As a sentence: ``status is “open” and “charged” is not set``."""
        return self._whole(text, lambda node: self._joined(node, "clause"), "")

    def demand(self, text: str) -> str:
        """What must be: ``views must be recorded, and it must be done by an inspector or above``."""
        return self._whole(text, lambda node: self._joined(node, "demand"), "this must hold: ")

    def by_type(self, text: str, types: list[str]) -> list[tuple[list[str], str]] | None:
        """What is asked of which type, where a condition on several types tells them apart: types with what
        follows them, or nothing when it does not."""
        try:
            node = parse(text)
            return self._by_type(node, types)
        except NotReadError:
            return None

    def _by_type(self, node: Node, types: list[str]) -> list[tuple[list[str], str]] | None:
        if isinstance(node, Call) and node.name == "?:" and self._type(node.args[0]) in types:
            first = str(self._type(node.args[0]))
            others = [name for name in types if name != first]
            yes, no = (self._joined(arm, "modifier") for arm in node.args[1:])
            return [([first], yes), (others, no)] if others else None
        parts = self._flat("||", node)
        free = [str(self._type(part)) for part in parts if self._type(part) in types]
        rest = [part for part in parts if self._type(part) is None]
        others = [name for name in types if name not in free]
        if not free or len(rest) != 1 or not others or len(free) + 1 != len(parts):
            return None
        return [(free, ""), (others, self._joined(rest[0], "modifier"))]

    @staticmethod
    def _type(node: Node) -> str | None:
        if isinstance(node, Call) and node.name == "==" and node.args[0] == Path(("event", "type")):
            value = node.args[1]
            return str(value.value) if isinstance(value, Value) else None
        return None

    def persons(self, text: str | None) -> str:
        """Whom it is about: ``child under 18``, ``person``."""
        if text is None:
            return "person"
        try:
            return self._person(parse(text))
        except NotReadError:
            return f"person for whom {code(text)} holds"

    def value(self, text: str) -> str:
        """What a `choose` looks at: ``the grade``."""
        try:
            return self._choice(parse(text))
        except NotReadError:
            return code(text)

    def _choice(self, node: Node) -> str:
        if isinstance(node, Call) and node.name == "?:":
            condition, yes, no = node.args
            return f"{self._choice(yes)} if {self._joined(condition, 'clause')}, otherwise {self._choice(no)}"
        if isinstance(node, Path):
            return self._subject(node) if node.parts[0] == "event" else self._noun(node)
        if isinstance(node, Value):
            return self._operand(node)
        return f"whether {self._joined(node, 'clause')}"

    @staticmethod
    def _whole(text: str, say: Callable[[Node], str], otherwise: str) -> str:
        try:
            return say(parse(text))
        except NotReadError:
            return otherwise + code(text)

    # ---- Joining -------------------------------------------------------------------------------------------

    def _joined(self, node: Node, form: str, inside: str = "") -> str:
        """``inside`` is the word that joins this with others: where the other word joins, it says so."""
        parts = self._flat("&&", node)
        if len(parts) > 1:
            said = [self._joined(part, form, "and") for part in self._without_guards(parts)]
            joined = len(said)
            if form == "demand":
                said = self._shared(said)
            elif form == "modifier":
                said = self._ordered(said)
            if joined == 2 and said[-1].startswith("except where "):
                return ", ".join(said)
            if inside == "or" and (joined > 2 or (joined == 2 and form != "demand")):
                return f"{'both' if joined == 2 else 'all of this:'} {listed(said)}"
            return listed(said)
        parts = self._flat("||", node)
        if len(parts) > 1:
            said = [self._joined(part, form, "or") for part in parts]
            return listed(said, "or") if form == "modifier" and not inside else f"either {listed(said, 'or')}"
        if isinstance(node, Call) and node.name == "?:":
            condition, yes, no = node.args
            told = f"if {self._joined(condition, 'clause')}, then {self._joined(yes, form)}, "
            return f"{told}otherwise {self._joined(no, form)}"
        return str(getattr(self._condition(node), form))

    @staticmethod
    def _ordered(modifiers: list[str]) -> list[str]:
        """``marked a, marked b`` as ``marked a and b``; what is a clause of its own goes last."""
        marks = [said for said in modifiers if re.fullmatch("marked “[^”]*”", said)]
        merged = f"marked {listed(said.removeprefix('marked ') for said in marks)}"
        out: list[str] = []
        for said in modifiers:
            if said not in marks:
                out.append(said)
            elif merged not in out:
                out.append(merged)
        return sorted(out, key=lambda said: said.startswith(("while ", "where ", "except ")))

    @staticmethod
    def _shared(demands: list[str]) -> list[str]:
        """``a must be x, b must be x`` as ``a and b must be x``."""
        done = [
            said for said in demands if said.startswith("it must be done by ") and " must " not in said[8:]
        ]
        if len(done) > 1:
            merged = f"it must be done {listed(said.removeprefix('it must be done ') for said in done)}"
            demands = [merged, *(said for said in demands if said not in done)]
        groups: dict[tuple[str, bool], list[str]] = {}
        for demand in demands:
            subject, found, predicate = demand.partition(" must be ")
            simple = (
                bool(found) and " must " not in predicate and re.fullmatch("“[^”]*”", subject) is not None
            )
            groups.setdefault((predicate, True) if simple else (demand, False), []).append(subject)
        return [
            f"{listed(subjects)} must be {said}" if simple else said
            for (said, simple), subjects in groups.items()
        ]

    @staticmethod
    def _flat(sign: str, node: Node) -> list[Node]:
        if isinstance(node, Call) and node.name == sign:
            return [part for side in node.args for part in Speaker._flat(sign, side)]
        return [node]

    @staticmethod
    def _asks_presence(node: Node) -> bool:
        """has(x) or !has(x)."""
        if isinstance(node, Call) and node.name == "unary !":
            node = node.args[0]
        return isinstance(node, Call) and node.name == "has"

    @staticmethod
    def _without_guards(parts: list[Node]) -> list[Node]:
        """Without what only says when a missing value is looked at.

        has(x), alone or as one of several, where another part compares x and needs it anyway, and `x != ''`
        beside has(x).
        """
        compared = {
            part.args[0]
            for part in parts
            if isinstance(part, Call)
            and part.name in {"==", "<", "<=", ">", ">="}
            and isinstance(part.args[0], Path)
        }
        present = {part.args[0] for part in parts if isinstance(part, Call) and part.name == "has"}

        def needed(part: Node) -> bool:
            alternatives = Speaker._flat("||", part)
            if all(Speaker._asks_presence(one) for one in alternatives):
                asked = {one.args[0] for one in alternatives if isinstance(one, Call) and one.name == "has"}
                return not asked & compared
            empty = isinstance(part, Call) and part.name == "!=" and part.args[1] == Value("")
            return not (empty and isinstance(part, Call) and part.args[0] in present)

        return [part for part in parts if needed(part)]

    # ---- Simple conditions ---------------------------------------------------------------------------------

    def _condition(self, node: Node) -> Condition:
        try:
            return self._known_condition(node)
        except NotReadError:
            said = code(text_of(node))
            return Condition(f"where {said}", said, "true")

    def _known_condition(self, node: Node) -> Condition:
        if isinstance(node, Path):
            return self._flag(node, True)
        if isinstance(node, Value) and isinstance(node.value, bool):
            said = "always" if node.value else "never"
            return Condition(said, "this", said)
        if isinstance(node, Persons):
            return self._some_person(node, False)
        if isinstance(node, Call):
            return self._call(node)
        raise NotReadError("a condition")

    def _call(self, node: Call) -> Condition:
        if node.name == "unary !":
            return self._negated(node.args[0])
        if node.name == "has":
            return self._has(node.args[0], True)
        if node.name == "in":
            return self._in(*node.args)
        if node.name in _OPPOSITE:
            return self._compared(node.name, *node.args)
        if node.name == "mentions" and isinstance(node.args[1], Items):
            words = listed([self._operand(item) for item in node.args[1].items], "or")
            about = self._noun(node.args[0])
            return Condition(f"mentioning {words} in {about}", about, words, "mentions")
        if node.name == "mentions" and isinstance(node.args[1], Path) and node.args[1].parts[0] == "param":
            words = f"a word of the list {quoted(' '.join(node.args[1].parts[1:]).replace('_', ' '))}"
            about = self._noun(node.args[0])
            return Condition(f"mentioning {words} in {about}", about, words, "mentions")
        tests = {"contains": "containing", "startsWith": "beginning with", "endsWith": "ending with"}
        if node.name in tests:
            about = self._noun(node.args[0])
            said = f"{tests[node.name]} {self._operand(node.args[1])}"
            return Condition(f"with {about} {said}", about, f"one {said}")
        raise NotReadError(node.name)

    def _negated(self, node: Node) -> Condition:
        if isinstance(node, Call):
            if node.name == "unary !":
                return self._condition(node.args[0])
            if node.name == "has":
                return self._has(node.args[0], False)
            if node.name in _OPPOSITE:
                return self._compared(_OPPOSITE[node.name], *node.args)
        if isinstance(node, Path):
            return self._flag(node, False)
        if isinstance(node, Persons) and node.quantifier == "exists":
            return self._some_person(node, True)
        parts = self._without_guards(self._flat("&&", node))
        if len(parts) == 1 and parts[0] != node:
            inner = self._condition(parts[0])
            return Condition(f"not {inner.modifier}", inner.subject, f"not {inner.predicate}", inner.verb)
        said = self._joined(node, "clause")
        return Condition(f"except where {said}", "it", f"so that it is not the case that {said}")

    def _flag(self, path: Path, value: bool) -> Condition:
        name = quoted(" ".join(path.parts[1:])) if len(path.parts) > 1 else code(path.parts[0])
        if path.parts[0] == "fact":
            said = "set" if value else "not set"
            return Condition(f"while {name} is {said}", name, said)
        if path.parts[0] == "trigger":
            said = "marked yes" if value else "marked no"
            about = f"{name} of the opening entry"
            return Condition(f"where {about} is {said}", about, said)
        if path.parts[0] in {"event", "case"}:
            said = f"marked {name}" if value else f"marked as not {name}"
            return Condition(said, name, "marked yes" if value else "marked no")
        said = f"marked {name}" if value else f"marked as not {name}"
        return Condition(said, "the person", said)

    def _has(self, node: Node, there: bool) -> Condition:
        if not isinstance(node, Path):
            raise NotReadError("has")
        name = self._subject(node)
        if there:
            return Condition(f"with {name} recorded", name, "recorded")
        return Condition(f"without {name} recorded", name, "not recorded")

    def _in(self, item: Node, group: Node) -> Condition:
        if isinstance(group, Items):
            return self._equal(item, [self._operand(one) for one in group.items], True)
        if isinstance(group, Path) and isinstance(item, Value):
            word = spoken(str(item.value))
            if group.parts == ("actor", "accreditations"):
                said = f"by somebody accredited {plain(str(item.value))}"
                return Condition(said, "it", f"done {said}")
            if group.parts[-1] == "roles":
                return Condition(f"recorded as {article(word)}", "the person", f"recorded as {article(word)}")
        said = self._operand(item)
        about = self._noun(group)
        return Condition(f"with {about} including {said}", about, f"one that includes {said}")

    def _compared(self, sign: str, left: Node, right: Node) -> Condition:
        if isinstance(left, Value) or (
            self._is_rank(left) and isinstance(left, Call) and isinstance(left.args[0], Value)
        ):
            sign, left, right = _MIRRORED[sign], right, left
        if self._is_rank(left) and self._is_rank(right):
            return self._rank(sign, left, right)
        if isinstance(right, Value) and isinstance(right.value, bool) and isinstance(left, Path):
            return self._flag(left, (sign == "==") == right.value)
        if isinstance(left, Path) and left.parts[-1] == "age" and isinstance(right, Value):
            return self._age(sign, right.value)
        if sign in {"==", "!="}:
            return self._equal(left, [self._operand(right)], sign == "==")
        said = f"{_COMPARED[sign]} {self._operand(right)}"
        if isinstance(right, Value) and re.fullmatch(r"\d{4}-\d\d-\d\d", str(right.value)):
            said = f"{_DATES[sign]} {day(str(right.value))}"
        return Condition(f"with {self._noun(left)} {said}", self._subject(left), said)

    def _equal(self, left: Node, values: list[str], same: bool) -> Condition:
        value = listed(values, "or")
        word = "" if same else "not "
        if isinstance(left, Path):
            special = self._equal_path(left, value, values, same)
            if special is not None:
                return special
        about = self._subject(left)
        if isinstance(left, Path) and left.parts[0] == "fact":
            return Condition(f"while {about} is {word}{value}", about, f"{word}{value}")
        separate = "" if same else "other than "
        return Condition(f"with {self._noun(left)} {separate}{value}", about, f"{word}{value}")

    def _equal_path(self, left: Path, value: str, values: list[str], same: bool) -> Condition | None:
        word = "" if same else "not "
        if left.parts == ("actor", "id"):
            if value == "who did the opening entry":
                said = "by the same person" if same else "by somebody else"
            else:
                said = f"by {value}" if same else f"by somebody other than {value}"
            return Condition(said, "it", f"done {said}")
        if left.parts in {("actor", "rank"), ("actor", "unit")}:
            what = (
                listed([article(v.strip("“”")) for v in values], "or")
                if left.parts[1] == "rank"
                else f"unit {value}"
            )
            return Condition(f"{word}by {what}", "it", f"{word}done by {what}")
        if left.parts == ("event", "type"):
            return Condition(f"that is {word}{value}", "it", f"{word}{value}")
        if left.parts[0] == "event" and value == "“”" and not same:
            about = self._subject(left)
            return Condition(f"with {about} filled in", about, "filled in")
        if left.parts == ("event", "who"):
            return Condition(f"(who: {word}{value})", "“who”", f"{word}{value}")
        if left.parts[0] == "event" and len(left.parts) == 2 and left.parts[1] in _PREPOSITIONS:
            key = left.parts[1]
            return Condition(f"{word}{key} {value}", f"“{key}”", f"{word}{value}")
        return None

    @staticmethod
    def _is_rank(node: Node) -> bool:
        return isinstance(node, Call) and node.name == "rank"

    def _rank(self, sign: str, left: Node, right: Node) -> Condition:
        if not (
            isinstance(left, Call) and isinstance(right, Call) and left.args[0] == Path(("actor", "rank"))
        ):
            raise NotReadError("rank")
        if not isinstance(right.args[0], Value):
            who = {
                ">": "above",
                "<": "below",
                ">=": "at least",
                "<=": "at most",
                "==": "exactly",
                "!=": "other than",
            }[sign]
            said = f"by somebody of a rank {who} {self._noun(right.args[0])}"
            return Condition(said, "it", f"done {said}")
        name = spoken(str(right.args[0].value))
        said = {
            ">=": f"by {article(name)} or above",
            "<=": f"by {article(name)} or below",
            ">": f"by somebody above the rank of {name}",
            "<": f"by somebody below the rank of {name}",
            "==": f"by {article(name)}",
            "!=": f"by somebody who is not {article(name)}",
        }[sign]
        return Condition(said, "it", f"done {said}")

    @staticmethod
    def _age(sign: str, years: Any) -> Condition:
        said = {
            "<": f"under {years}",
            "<=": f"aged {years} or under",
            ">": f"over {years}",
            ">=": f"aged {years} or over",
            "==": f"aged {years}",
            "!=": f"not aged {years}",
        }[sign]
        return Condition(said, "the person", said)

    # ---- Persons -------------------------------------------------------------------------------------------

    def _some_person(self, node: Persons, none: bool) -> Condition:
        who = self._person(node.body)
        in_case = node.of.parts == ("case", "persons")
        if node.quantifier == "all":
            group = "everybody in the case" if in_case else "everybody it concerns"
            return Condition(f"where {group} is {article(who)}", group, article(who))
        said = f"no {who}" if none else article(who)
        if in_case:
            return Condition(f"where the case has {said}", "the case", said, "has")
        return Condition(f"concerning {said}", "it", f"about {said}")

    def _person(self, node: Node) -> str:
        parts = self._without_guards(self._flat("&&", node))
        nouns: list[str] = []
        rest: list[str] = []
        for part in parts:
            role = self._role(part)
            if role is not None:
                nouns.append(role)
            else:
                rest.append(self._joined(part, "modifier"))
        noun = " and ".join(nouns) or "person"
        if not rest:
            return noun
        return f"{noun} {rest[0]}" if len(rest) == 1 and "," not in rest[0] else f"{noun}, {listed(rest)}"

    @staticmethod
    def _role(node: Node) -> str | None:
        if not (isinstance(node, Call) and node.name == "in"):
            return None
        item, group = node.args
        if isinstance(item, Value) and isinstance(group, Path) and group.parts[-1] == "roles":
            return spoken(str(item.value))
        return None

    # ---- Values --------------------------------------------------------------------------------------------

    def _operand(self, node: Node) -> str:
        if isinstance(node, Value):
            if isinstance(node.value, bool):
                return "yes" if node.value else "no"
            if isinstance(node.value, str):
                return self.event(node.value) if node.value in self.events else valued(node.value)
            return str(node.value)
        if isinstance(node, Call) and node.name == "unary -" and isinstance(node.args[0], Value):
            return f"-{node.args[0].value}"
        if isinstance(node, Path) and node.parts[0] == "event" and len(node.parts) == 2:
            return f"the {quoted(node.parts[1])}"
        return self._noun(node)

    def _subject(self, node: Node) -> str:
        """The noun as the subject of a sentence: names of the policy in quotes."""
        if isinstance(node, Path) and node.parts[0] in {"event", "fact"} and len(node.parts) > 1:
            return quoted(" ".join(node.parts[1:]))
        return self._noun(node)

    def _noun(self, node: Node) -> str:
        if not isinstance(node, Path):
            raise NotReadError("a value")
        root, *rest = node.parts
        if root == "param" and len(rest) == 1:
            value = plain(str(self.parameters.get(rest[0], "?")))
            return f"{value} ({code('$' + rest[0])}, set by each force)"
        if node.parts == ("trigger", "actor", "id"):
            return "who did the opening entry"
        name = spoken(" ".join(rest))
        if root == "event":
            return name
        if root == "fact":
            return f"the “{name}”"
        if root == "trigger":
            return f"“{name}” of the opening entry"
        if root == "case":
            return f"the case's “{name}”"
        return f"the {name} of who did it" if root == "actor" else f"the person's “{name}”"
