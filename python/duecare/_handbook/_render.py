"""The handbook as a page and as Markdown."""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from duecare._handbook._model import Handbook
from duecare._handbook._phrases import CODE, END

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


def _web_address(url: str) -> str:
    """Only addresses that a page may safely link to; a policy could hold any text there."""
    safe = url.startswith(("https://", "http://")) and not re.search(r"[\s<>\"]", url)
    return url if safe else ""


def _render(handbook: Handbook, template: str, *, html: bool) -> str:
    environment = Environment(
        loader=PackageLoader("duecare._handbook"),
        autoescape=html,  # noqa: S701 - Markdown has its own escapes
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["words"] = _html if html else markdown
    environment.filters["web_address"] = _web_address
    return environment.get_template(template).render(book=handbook)


def to_html(handbook: Handbook) -> str:
    """One page: no scripts, nothing loaded from elsewhere, fit for print."""
    return _render(handbook, "handbook.html.j2", html=True)


def to_markdown(handbook: Handbook) -> str:
    return _render(handbook, "handbook.md.j2", html=False)
