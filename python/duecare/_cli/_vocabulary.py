"""``duecare vocabulary``: the words of the built-in policies, to read and to map a records system to."""

import enum
import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from duecare._cli._console import output, shielded
from duecare._near import did_you_mean
from duecare._vocabulary import vocabulary


class VocabularyFormat(enum.StrEnum):
    """How the words are written."""

    markdown = "markdown"
    json = "json"


def register(app: typer.Typer) -> None:
    app.command("vocabulary")(vocabulary_command)


@shielded
def vocabulary_command(
    form: Annotated[
        VocabularyFormat, typer.Option("--format", help="How to write it.")
    ] = VocabularyFormat.markdown,
    event: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TYPE", help="Only this event type, or those that begin with it; may be repeated."
        ),
    ] = None,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Write there instead of to stdout.")] = None,
) -> None:
    """Show the words of the built-in policies: event types, attributes, and what each means for a mapping."""
    words = vocabulary()
    if event:
        known = words["events"]
        words["events"] = {name: known[name] for name in known if any(map(name.startswith, event))}
        if not words["events"]:
            raise typer.BadParameter(_unknown(event[0], known), param_hint="--event")
    if form is VocabularyFormat.json:
        text = json.dumps(words, indent=1, ensure_ascii=False) + "\n"
    else:
        text = "\n".join(_markdown(words, whole=not event)) + "\n"
    with output(out) as stream:
        stream.write(text.encode())


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    return f"no event type begins with {name!r}. {did_you_mean(name, known)}".rstrip()


def _markdown(words: Mapping[str, Any], whole: bool) -> Iterator[str]:
    if whole:
        yield "# Vocabulary of the built-in policies\n"
        yield f"{words['about']}\n"
        yield "## Case and persons\n"
        yield from _attributes({"kind": words["case"]["kind"], **words["case"]["attributes"]})
        person = words["person"]
        yield from _attributes({"roles": person["roles"], "born": person["born"], **person["attributes"]})
        yield "## Ranks\n"
        yield from (f"- `{name}`: {rank['definition']}" for name, rank in words["ranks"].items())
        yield "\n## Accreditations\n"
        yield from (f"- `{name}`: {meaning}" for name, meaning in words["accreditations"].items())
        yield "\n## Event types\n"
    for name, event in words["events"].items():
        yield f"### `{name}`: {event['title']}\n"
        yield f"{event['definition']}\n"
        yield f"**To map it:** {event['question']}\n"
        yield from _attributes(event["attributes"])
        yield "```json"
        yield json.dumps(event["example"], ensure_ascii=False)
        yield "```\n"
        yield f"Used in: {', '.join(event['areas']) or 'published cases'}.\n"


def _attributes(attributes: Mapping[str, Any]) -> Iterator[str]:
    if not attributes:
        return
    yield "| attribute | type | meaning | values |"
    yield "|---|---|---|---|"
    for name, attribute in attributes.items():
        values = ", ".join(f"`{value}`" for value in attribute.get("values", []))
        yield f"| `{name}` | {attribute['type']} | {attribute['definition']} | {values} |"
    yield ""
