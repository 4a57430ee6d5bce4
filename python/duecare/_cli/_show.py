"""``duecare policy show``: a policy after its layers, for people or for programs."""

import enum
from typing import Annotated

import typer

from duecare._cli._console import output, shielded
from duecare._cli._policies import load_policy
from duecare._layers import chain


class ShowFormat(enum.StrEnum):
    """How a policy is written."""

    json = "json"
    md = "md"
    html = "html"


@shielded
def show_command(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="Policy file, or id of a built-in policy.")],
    form: Annotated[
        ShowFormat,
        typer.Option("--format", help="json: the policy itself; md, html: a handbook in plain words."),
    ] = ShowFormat.json,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Write there instead of to stdout.")] = None,
) -> None:
    """Show a policy as it stands after its layers."""
    compiled = load_policy(policy)
    if form is ShowFormat.json:
        text = compiled.to_json()
    else:
        from duecare._handbook import Layer, describe, to_html, to_markdown

        layers = [Layer(place, document) for place, document in chain(policy)]
        book = describe(compiled, layers)
        text = to_html(book) if form is ShowFormat.html else to_markdown(book)
    with output(out) as stream:
        stream.write(text.encode() + (b"" if text.endswith("\n") else b"\n"))
