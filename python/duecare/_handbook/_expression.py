"""Expressions of policies as trees, for putting them into words. Whether they are right the library says."""

import re
from dataclasses import dataclass
from typing import TypeAlias

Literal: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Value:
    """A literal."""

    value: Literal


@dataclass(frozen=True, slots=True)
class Items:
    """A list of expressions."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Path:
    """``event.next_review``: its segments."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function or a method, whose object is then the first argument, or an operator."""

    name: str
    args: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Persons:
    """``case.persons.exists(p, …)``."""

    of: Path
    quantifier: str
    variable: str
    body: "Node"


Node: TypeAlias = Value | Items | Path | Call | Persons


class NotReadError(ValueError):
    """Something that is not understood here."""


_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"""
    r"""|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||==|!=|<=|>=|[<>!+\-?:().,\[\]]))"""
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_METHODS = frozenset(["contains", "startsWith", "endsWith"])
# Loosest first; CEL's precedences.
_LEVELS = (("||",), ("&&",), ("==", "!=", "<", "<=", ">", ">=", "in"), ("+", "-"))


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise NotReadError(text[at:])
        tokens.append((found.lastgroup, found.group(found.lastgroup)))
        at = found.end()
    return tokens


def _unquoted(text: str) -> str:
    if "\\u" in text or "\\x" in text or "\\U" in text:
        raise NotReadError(text)
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text[1:-1])


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def whole(self) -> Node:
        node = self._conditional()
        if self._at != len(self._tokens):
            raise NotReadError(self._tokens[self._at][1])
        return node

    def _peek(self) -> str:
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        return text if kind in {"sign", "name"} else ""

    def _take(self, sign: str) -> bool:
        if self._peek() != sign:
            return False
        self._at += 1
        return True

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise NotReadError(f"{sign} expected")

    def _conditional(self) -> Node:
        condition = self._binary(0)
        if not self._take("?"):
            return condition
        yes = self._conditional()
        self._need(":")
        return Call("?:", (condition, yes, self._conditional()))

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        node = self._binary(level + 1)
        while self._peek() in _LEVELS[level]:
            sign = self._peek()
            self._at += 1
            node = Call(sign, (node, self._binary(level + 1)))
        return node

    def _unary(self) -> Node:
        for sign in ("!", "-"):
            if self._take(sign):
                return Call(f"unary {sign}", (self._unary(),))
        return self._postfix(self._primary())

    def _primary(self) -> Node:
        if self._take("("):
            node = self._conditional()
            self._need(")")
            return node
        if self._take("["):
            return Items(self._arguments("]"))
        if self._at == len(self._tokens):
            raise NotReadError("an end")
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "text":
            return Value(_unquoted(text))
        if kind == "number":
            return Value(float(text) if re.search(r"[.eE]", text) else int(text))
        if kind != "name":
            raise NotReadError(text)
        if text in {"true", "false"}:
            return Value(text == "true")
        if self._take("("):
            return Call(text, self._arguments(")"))
        return Path((text,))

    def _arguments(self, end: str) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while not self._take(end):
            if nodes:
                self._need(",")
            nodes.append(self._conditional())
        return tuple(nodes)

    def _postfix(self, node: Node) -> Node:
        while True:
            if self._take("."):
                kind, name = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
                if kind != "name":
                    raise NotReadError("a name expected")
                self._at += 1
                node = self._method(node, name) if self._take("(") else self._member(node, name)
            elif self._take("["):
                key = self._conditional()
                self._need("]")
                if not isinstance(key, Value):
                    raise NotReadError("an index that is no literal")
                node = self._member(node, str(key.value))
            else:
                return node

    @staticmethod
    def _member(node: Node, name: str) -> Node:
        if not isinstance(node, Path):
            raise NotReadError(f".{name}")
        return Path((*node.parts, name))

    def _method(self, node: Node, name: str) -> Node:
        arguments = self._arguments(")")
        if name not in {"exists", "all"}:
            return Call(name, (node, *arguments))
        if not isinstance(node, Path) or len(arguments) != 2 or not isinstance(arguments[0], Path):
            raise NotReadError(name)
        return Persons(node, name, arguments[0].parts[0], arguments[1])


def parse(text: str) -> Node:
    """The tree of an expression. Raises NotReadError."""
    try:
        return _Parser(text).whole()
    except RecursionError as error:
        raise NotReadError("too deep") from error


def text_of(node: Node, loosest: int = -1) -> str:
    """A tree as an expression again; ``loosest``: operators of this level and below need parentheses."""
    if isinstance(node, Value):
        if isinstance(node.value, bool):
            return "true" if node.value else "false"
        return repr(node.value) if isinstance(node.value, str) else str(node.value)
    if isinstance(node, Items):
        return f"[{', '.join(map(text_of, node.items))}]"
    if isinstance(node, Path):
        first, *rest = node.parts
        return first + "".join(f".{part}" if part.isidentifier() else f"[{part!r}]" for part in rest)
    if isinstance(node, Persons):
        return f"{text_of(node.of)}.{node.quantifier}({node.variable}, {text_of(node.body)})"
    return _text_of_call(node, loosest)


def _text_of_call(node: Call, loosest: int) -> str:
    level = next((at for at, signs in enumerate(_LEVELS) if node.name in signs), None)
    if level is not None:
        left, right = node.args
        said = f"{text_of(left, level - 1)} {node.name} {text_of(right, level)}"
        return f"({said})" if level <= loosest else said
    if node.name == "?:":
        condition, yes, no = node.args
        said = f"{text_of(condition, 0)} ? {text_of(yes)} : {text_of(no)}"
        return f"({said})" if loosest >= 0 else said
    if node.name.startswith("unary "):
        return f"{node.name.removeprefix('unary ')}{text_of(node.args[0], len(_LEVELS))}"
    if node.name in _METHODS:
        first, *rest = node.args
        return f"{text_of(first, len(_LEVELS))}.{node.name}({', '.join(map(text_of, rest))})"
    return f"{node.name}({', '.join(map(text_of, node.args))})"
