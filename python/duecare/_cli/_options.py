"""Arguments and options that many commands are given, in one wording."""

import enum
from pathlib import Path
from typing import Annotated

import typer


class ListFormat(enum.StrEnum):
    """How a command writes what it lists; ``table`` is ``text``."""

    text = "text"
    table = "table"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    arrow = "arrow"

    @property
    def is_text(self) -> bool:
        return self in (ListFormat.text, ListFormat.table)


CaseloadArgument = Annotated[
    list[str], typer.Argument(metavar="CASELOAD...", help="Files of case histories and staff; - is stdin.")
]
StoreArgument = Annotated[str, typer.Argument(metavar="STORE", help="The file of the store.")]


def _policy_names(incomplete: str) -> list[str]:
    """For completion by the shell: built-in policies, and files, which it does not look for itself then."""
    from duecare._policy import Policy

    names = [name for name in Policy.builtin_names() if name.startswith(incomplete)]
    slash = incomplete.rfind("/") + 1
    folder, start = incomplete[:slash], incomplete[slash:]
    there = sorted(Path(folder).iterdir()) if Path(folder).is_dir() else []
    return names + [
        f"{folder}{one.name}{'/' if one.is_dir() else ''}" for one in there if one.name.startswith(start)
    ]


PolicyOption = Annotated[
    str,
    typer.Option(
        "--policy",
        metavar="FILE|NAME",
        help="A policy file, or the name of a built-in policy.",
        autocompletion=_policy_names,
    ),
]
AsOfOption = Annotated[
    str | None, typer.Option(metavar="TIME", help="Judge as of this instant; as for audit.")
]
KnownAtOption = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Use what the record said at this instant. Default: --as-of."),
]
ThreadsOption = Annotated[int, typer.Option(min=0, help="How many; 0: as many as the machine has.")]
OutOption = Annotated[
    str | None, typer.Option("-o", "--out", metavar="FILE", help="Write there instead of to stdout.")
]
MappingOption = Annotated[
    str | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="The files are tables of a host (CSV, Parquet, Excel, SQLite, XES, OCEL), to be read as "
        "this duecare.mapping/1 says; those that end in .jsonl stay documents.",
    ),
]
