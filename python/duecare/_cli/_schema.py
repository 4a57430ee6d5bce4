"""``duecare schema``: prints the JSON Schema of a format."""

from typing import Annotated

import typer

from duecare._cli._console import output, shielded
from duecare._schemas import SCHEMAS, schema_text


@shielded
def schema_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help=f"One of {', '.join(SCHEMAS)}.")],
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Write there instead of to stdout.")] = None,
) -> None:
    """Print the JSON Schema (draft 2020-12) of a format, for editors and for checks."""
    text = schema_text(name)
    with output(out) as stream:
        stream.write(text.encode())
