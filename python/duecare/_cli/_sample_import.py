"""``duecare sample import``: the answers of reviewers, and what counts where they differ."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from duecare._cli._console import DONE, FAILED, message, output, shielded
from duecare._cli._sample_pack import AGREED
from duecare._cli._words import count
from duecare._errors import ArgumentError
from duecare._store import Store
from duecare.sampling._exclusions import read_manifest
from duecare.sampling._review import Review, blank_answers, check_reviews, read_answers, write_reviews
from duecare.sampling._sample import Manifest


def _differing(reviews: Sequence[Review]) -> dict[tuple[str, str], set[str]]:
    said: dict[tuple[str, str], set[str]] = {}
    for one in reviews:
        said.setdefault((one.case, one.question), set()).add(one.answer)
    return {key: answers for key, answers in sorted(said.items()) if len(answers) > 1}


def settle(
    reviews: Sequence[Review], decided: Mapping[tuple[str, str], Review]
) -> tuple[list[Review], list[tuple[str, str]]]:
    """What counts of each case and question, as reviews by ``agreed``; and those still to be adjudicated."""
    differing = _differing(reviews)
    strangers = sorted(set(decided) - set(differing))
    if strangers:
        raise ArgumentError(f"Nothing is to be adjudicated in {strangers[0]!r}: reviewers do not differ.")
    counts = {(one.case, one.question): one for one in reviews} | dict(decided)
    agreed = [
        Review(one.case, AGREED, one.question, one.answer, one.grade, one.comment, one.date)
        for key, one in sorted(counts.items())
        if key not in differing or key in decided
    ]
    return agreed, [key for key in differing if key not in decided]


def _decisions(path: Path, drawn: Manifest) -> list[Review]:
    """What was decided where reviewers differ; each decision with its reason."""
    decided = read_answers(path, blanks=True)
    check_reviews(decided, drawn)
    for one in decided:
        if not one.comment:
            raise ArgumentError(
                f"The adjudication of {one.case!r} gives no reason; write it as its comment.",
                source=str(path),
            )
    return decided


def _keep(
    path: str, name: str, drawn: Manifest, reviews: Sequence[Review], decided: Sequence[Review]
) -> None:
    with Store(path) as store:
        store.put_manifest(name, drawn.text, by=reviews[0].reviewer)
        for made, adjudicates in ((reviews, False), (decided, True)):
            for one in made:
                store.put_review(
                    name,
                    one.case,
                    one.question,
                    one.answer,
                    by=one.reviewer,
                    reason=one.comment or None,
                    adjudicates=adjudicates,
                )
        message(f"head {store.head}: write it down somewhere else")


@shielded
def import_command(
    manifest: Annotated[str, typer.Argument(metavar="MANIFEST", help="What `sample draw` wrote.")],
    folder: Annotated[str, typer.Argument(metavar="FOLDER", help="What `sample pack` made.")],
    adjudicator: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who decides where reviewers differ.")
    ] = None,
    store: Annotated[str | None, typer.Option(metavar="STORE", help="Also keep all there.")] = None,
    name: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="What the manifest is called in the store.")
    ] = None,
    out: Annotated[str | None, typer.Option("--out", metavar="FILE", help="Default: stdout.")] = None,
) -> None:
    """Read the answers and write duecare.review/1; what counts is by `agreed`.

    Where reviewers differ, FOLDER/adjudicate.csv is written for the adjudicator, and read when it is there.
    Exit code 1 as long as something is to be adjudicated.
    """
    if (store is None) != (name is None):
        raise ArgumentError("--store and --id belong together.")
    drawn = read_manifest(manifest)
    files = sorted(Path(folder).glob("*/answers.csv"))
    reviews = [one for path in files for one in read_answers(path, blanks=True)]
    if not reviews:
        found = f"{count(len(files), 'file')} of answers" if files else "no answers.csv of a reviewer"
        raise ArgumentError(f"There are no answers yet: {found} in it.", source=folder)
    check_reviews(reviews, drawn)
    asked = Path(folder) / "adjudicate.csv"
    decided = _decisions(asked, drawn) if asked.exists() else []
    agreed, open_ones = settle(reviews, {(one.case, one.question): one for one in decided})
    if open_ones and not asked.exists():
        blank_answers(asked, ((case, adjudicator or "", question) for case, question in open_ones))
        message(f"written: {asked}")
    with output(out) as stream:
        stream.write(write_reviews([*reviews, *agreed]).encode())
    if store is not None and name is not None:
        _keep(store, name, drawn, reviews, decided)
    message(f"{count(len(agreed), 'answer')} agreed, {len(open_ones)} to be adjudicated")
    raise typer.Exit(FAILED if open_ones else DONE)
