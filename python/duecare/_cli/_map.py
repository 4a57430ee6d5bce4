"""``duecare map``: proposes mappings of a host's tables, and shows what it does not understand."""

import json
import sys
from typing import Annotated

import typer

from duecare._cli._console import DONE, clean_lines, shielded
from duecare._cli._examples import epilog
from duecare._cli._policies import load_policy
from duecare._inspect import Inspection, inspect

map_app = typer.Typer(
    name="map", help="Map a host's tables to events.", no_args_is_help=True, add_completion=False
)


def _text(found: Inspection) -> str:
    lines = [f"{found.name}: {found.rows:,} rows, {len(found.columns)} columns", "", "Columns"]
    width = max((len(column.name) for column in found.columns), default=0)
    for column in found.columns:
        lines.append(f"  {column.name:<{width}}  {column.kind:<9}  {column.said()}")
    lines += ["", "Proposed mapping (look at every line; nothing of it is certain)", ""]
    lines.append(json.dumps(found.proposal, indent=2, ensure_ascii=False))
    if found.unmapped:
        lines += ["", "Codes of events that are no word of the policy or vocabulary"]
        lines += [f"  {count:>8,}  {code}" for code, count in found.unmapped]
    if found.unseen:
        lines += ["", "Events that no duty will ever see"]
        lines += [f"  {count:>8,}  {code}" for code, count in found.unseen]
    if found.doubts:
        lines += ["", "Decide"]
        lines += [f"  {doubt}" for doubt in found.doubts]
    return "\n".join(lines)


@map_app.command("inspect", epilog=epilog("map inspect"))
@shielded
def inspect_command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A table: CSV, Parquet, Excel, XES, ...")],
    mapping: Annotated[
        str | None, typer.Option(metavar="FILE", help="A mapping to check instead of proposing one.")
    ] = None,
    policy: Annotated[
        str | None, typer.Option(metavar="FILE|NAME", help="Whose duties are to see the events.")
    ] = None,
    delimiter: Annotated[str | None, typer.Option(help="CSV: what stands between columns.")] = None,
    encoding: Annotated[str | None, typer.Option(help="CSV: the encoding of the text.")] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            help="What the file is, where its name does not say: csv, parquet, arrow, excel, sqlite, ..."
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(help="Excel: the name of the sheet; default: the first.")
    ] = None,
    query: Annotated[str | None, typer.Option(help="SQLite: the query whose rows are looked at.")] = None,
    object_type: Annotated[str | None, typer.Option(help="OCEL: which objects are the cases.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write the proposed mapping alone, as JSON.")
    ] = False,
) -> None:
    """Propose a mapping and show what it does not understand."""
    stated = {
        "kind": kind,
        "delimiter": "\t" if delimiter == "\\t" else delimiter,
        "encoding": encoding,
        "sheet": sheet,
        "query": query,
        "object_type": object_type,
    }
    options = {name: value for name, value in stated.items() if value is not None}
    found = inspect(file, options, mapping, None if policy is None else load_policy(policy))
    text = json.dumps(found.proposal, indent=2, ensure_ascii=False) if as_json else _text(found)
    sys.stdout.write(clean_lines(text) + "\n")
    raise typer.Exit(DONE)


def register(app: typer.Typer) -> None:
    app.add_typer(map_app)
