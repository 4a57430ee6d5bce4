"""HTML pages from templates: everything is escaped, and a name that a template lacks is an error."""

import re
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from jinja2 import Environment, PackageLoader, StrictUndefined


def web_address(url: str) -> str:
    """Only addresses that a page may safely link to; a policy could hold any text there."""
    return url if re.fullmatch(r"https?://[^\s<>\"]+", url) else ""


def templates(
    package: str, filters: Mapping[str, Callable[..., Any]] | None = None, *, escaped: bool = True
) -> Environment:
    """Those of the folder ``templates`` of a package. ``escaped``: False for what is not HTML."""
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=escaped,  # noqa: S701 - Markdown has its own escapes
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["web_address"] = web_address
    environment.filters.update(filters or {})
    return environment


def write_page(environment: Environment, template: str, stream: BinaryIO, **values: Any) -> None:
    """Writes a page piece by piece, UTF-8, from the position of the stream on."""
    page = environment.get_template(template).stream(**values)
    page.enable_buffering(64)
    page.dump(stream, encoding="utf-8")
