"""``duecare sample pack``: a folder for each reviewer."""

from pathlib import Path
from typing import Annotated

import typer
from jinja2 import Environment

from duecare._audit import audit
from duecare._case import CaseTimeline
from duecare._cli._console import message, shielded
from duecare._cli._input import instant, read_caseload
from duecare._cli._options import CaseloadArgument, MappingOption
from duecare._cli._policies import DEFAULT_POLICY, load_policy
from duecare._cli._words import count
from duecare._errors import ArgumentError, NotFoundError
from duecare._html import templates
from duecare._near import did_you_mean
from duecare._store import Store
from duecare.sampling._exclusions import read_manifest
from duecare.sampling._review import ANSWERS, blank_answers
from duecare.sampling._sample import DrawnUnit, Manifest

AGREED = "agreed"  # stands for all reviewers in what `import` writes


def by_ticket(manifest: Manifest) -> list[DrawnUnit]:
    """The units in scope in the order of their tickets, which nobody chose."""
    return sorted((one for one in manifest.units if one.in_scope), key=lambda one: (one.ticket, one.id))


def _kept_manifest(store: str, name: str) -> Manifest:
    """A manifest out of a store, as it was put there."""
    with Store(store, read_only=True) as kept:
        bodies = {
            one["body"]["id"]: one["body"] for one in kept.records("manifest", latest=True) if "body" in one
        }
    if name not in bodies:
        hint = did_you_mean(name, bodies, f"It has {', '.join(sorted(bodies)) or 'none'}.")
        raise NotFoundError(f"The store has no manifest {name!r}. {hint}", source=store)
    return Manifest(bodies[name]["manifest"])


def _write_folder(
    folder: Path, reviewer: str, cases: list[CaseTimeline], questions: list[str], pages: Environment
) -> None:
    folder.mkdir()
    named = [(f"case-{number:04}.html", case) for number, case in enumerate(cases, 1)]
    case_page, form = pages.get_template("review-case.html.j2"), pages.get_template("review-form.html.j2")
    for file, case in named:
        text = case_page.render(title=f"Case {case.case_id}", events=case.events, questions=questions)
        (folder / file).write_text(text, encoding="utf-8")
    text = form.render(
        title=f"Review by {reviewer}",
        cases=[(case.case_id, file) for file, case in named],
        questions=questions,
        reviewer=reviewer,
        answers=ANSWERS,
    )
    (folder / "index.html").write_text(text, encoding="utf-8")
    rows = ((case.case_id, reviewer, question) for case in cases for question in questions)
    blank_answers(folder / "answers.csv", rows)
    message(f"{folder}: {count(len(cases), 'case')}")


@shielded
def pack_command(
    manifest: Annotated[
        str,
        typer.Argument(
            metavar="MANIFEST", help="What `sample draw` wrote; with --store, what it is called there."
        ),
    ],
    caseload: CaseloadArgument,
    out: Annotated[str, typer.Option("-o", "--out", metavar="FOLDER", help="One that is not there yet.")],
    question: Annotated[list[str], typer.Option(metavar="ID", help="A duty or question; repeat it.")],
    lead: Annotated[str, typer.Option(metavar="NAME", help="Who reviews every case.")],
    second: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who reviews some again, without seeing the first.")
    ] = None,
    again: Annotated[
        int, typer.Option("--again", min=0, metavar="N", help="How many, by the order of their tickets.")
    ] = 0,
    policy: Annotated[
        str, typer.Option("--policy", metavar="FILE|NAME", help="For the timelines.")
    ] = DEFAULT_POLICY,
    as_of: Annotated[str | None, typer.Option(metavar="TIME", help="As for audit.")] = None,
    mapping: MappingOption = None,
    store: Annotated[
        str | None, typer.Option(metavar="STORE", help="Take the manifest out of this store.")
    ] = None,
) -> None:
    """Make a folder for each reviewer: a page a case, a form, and answers.csv.

    Timelines show what was recorded, and no verdict, so that reviewers judge for themselves.
    """
    if (second is None) != (again == 0) or second == lead:
        raise ArgumentError("--second NAME and --again N belong together, and the second is not the lead.")
    for name in (lead, second):
        if name is not None and (not name or name in (".", "..", AGREED) or "/" in name or "\\" in name):
            raise ArgumentError(f"{name!r} cannot be the name of a folder; choose another.")
    drawn = read_manifest(manifest) if store is None else _kept_manifest(store, manifest)
    loaded = load_policy(policy)
    result = audit(
        read_caseload(caseload, strict=False, mapping=mapping),
        loaded,
        as_of=instant(loaded, as_of, "--as-of"),
    )
    cases = [result.case(one.id) for one in by_ticket(drawn)]
    pages = templates("duecare._cli", {"minute": lambda at: at.isoformat(sep=" ", timespec="minutes")})
    folder = Path(out)
    folder.mkdir()
    _write_folder(folder / lead, lead, cases, question, pages)
    if second is not None:
        _write_folder(folder / second, second, cases[:again], question, pages)
