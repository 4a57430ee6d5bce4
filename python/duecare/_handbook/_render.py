"""The handbook as a page and as Markdown."""

import re

from markupsafe import Markup, escape

from duecare._handbook._model import Handbook
from duecare._handbook._words import CODE, END
from duecare._html import templates

_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~])")
_CODE = re.compile(f"{CODE}(.*?){END}", re.DOTALL)


def _html(text: str) -> Markup:
    """Escapes everything; only our own marks become elements."""
    escaped = str(escape(text)).replace(CODE, "<code>").replace(END, "</code>")
    return Markup(escaped)  # noqa: S704


def _markdown_code(text: str) -> str:
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def markdown(text: str) -> str:
    """Escapes what Markdown would take for more than text."""
    pieces = _CODE.split(" ".join(str(text).split()))
    return "".join(
        _markdown_code(piece) if index % 2 else _MARKDOWN.sub(r"\\\1", piece)
        for index, piece in enumerate(pieces)
    )


def _render(handbook: Handbook, template: str, *, html: bool) -> str:
    environment = templates("duecare._handbook", {"words": _html if html else markdown}, escaped=html)
    return environment.get_template(template).render(book=handbook)


def to_html(handbook: Handbook) -> str:
    """One page: no scripts, nothing loaded from elsewhere, fit for print."""
    return _render(handbook, "handbook.html.j2", html=True)


def to_markdown(handbook: Handbook) -> str:
    return _render(handbook, "handbook.md.j2", html=False)
