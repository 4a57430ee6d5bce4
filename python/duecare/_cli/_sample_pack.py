"""``duecare sample pack`` and ``import``: a folder for each reviewer, and what stands in their answers."""

import csv
import html
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from duecare._audit import audit
from duecare._cli._console import DONE, FAILED, message, output, shielded
from duecare._cli._input import instant, read_caseload
from duecare._cli._options import MappingOption
from duecare._cli._policies import DEFAULT_POLICY, load_policy
from duecare._cli._words import count
from duecare._errors import ArgumentError
from duecare._store import Store
from duecare.sampling._exclusions import read_manifest
from duecare.sampling._review import ANSWERS, FIELDS, Review, check_reviews, read_reviews, write_reviews
from duecare.sampling._sample import DrawnUnit, Manifest

AGREED = "agreed"
_HEAD = (
    '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" '
    'content="width=device-width, initial-scale=1"><title>{title}</title></head><body><main><h1>{title}</h1>'
)
_TAIL = "</main></body></html>\n"
_SCRIPT = """<script>
document.getElementById("save").addEventListener("click", function () {
  var quote = function (text) { return '"' + text.replace(/"/g, '""') + '"'; };
  var lines = ["case,reviewer,question,answer,comment"];
  document.querySelectorAll("tr[data-case]").forEach(function (row) {
    var answer = row.querySelector("select").value;
    if (answer) {
      lines.push([row.dataset.case, row.dataset.reviewer, row.dataset.question, answer,
        row.querySelector("input").value].map(quote).join(","));
    }
  });
  var link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([lines.join("\\n") + "\\n"], {type: "text/csv"}));
  link.download = "answers.csv";
  link.click();
});
</script>"""


def by_ticket(manifest: Manifest) -> list[DrawnUnit]:
    """The units in scope in the order of their tickets, which nobody chose."""
    return sorted((one for one in manifest.units if one.in_scope), key=lambda one: (one.ticket, one.id))


def _form(
    cases: Sequence[tuple[str, str | None]], questions: Sequence[str], reviewer: str, title: str
) -> str:
    options = "".join(f'<option value="{one}">{one.replace("_", " ")}</option>' for one in ("", *ANSWERS))
    rows = []
    for case, page in cases:
        name = html.escape(case)
        shown = f'<a href="{page}">{name}</a>' if page else name
        for question in questions:
            asked = html.escape(question)
            rows.append(
                f'<tr data-case="{name}" data-reviewer="{html.escape(reviewer)}" data-question="{asked}">'
                f'<th scope="row">{shown}</th><td>{asked}</td>'
                f'<td><select aria-label="Answer: {name}, {asked}">{options}</select></td>'
                f'<td><input aria-label="Comment: {name}, {asked}"></td></tr>'
            )
    return (
        _HEAD.format(title=html.escape(title))
        + "<p>Answer here and save, or fill in answers.csv; put what was saved in its place.</p>"
        + '<table><thead><tr><th scope="col">Case</th><th scope="col">Question</th>'
        + '<th scope="col">Answer</th>'
        + f'<th scope="col">Comment</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
        + f'<p><button id="save" type="button">Save answers.csv</button></p>{_SCRIPT}{_TAIL}'
    )


def _blank(cases: Sequence[tuple[str, str | None]], questions: Sequence[str], reviewer: str) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(FIELDS)
    writer.writerows(
        [case, reviewer, question, "", "", "", ""] for case, _ in cases for question in questions
    )
    return text.getvalue()


@shielded
def pack_command(
    manifest: Annotated[str, typer.Argument(metavar="MANIFEST", help="What `sample draw` wrote.")],
    caseload: Annotated[
        list[str], typer.Argument(metavar="CASELOAD...", help="Files of case histories and staff.")
    ],
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
) -> None:
    """Make a folder for each reviewer: a page a case, a form, and answers.csv.

    Timelines show what was recorded, and no verdict, so that reviewers judge for themselves.
    """
    if (second is None) != (again == 0) or second == lead:
        raise ArgumentError("--second NAME and --again N belong together, and the second is not the lead.")
    for name in (lead, second):
        if name is not None and (not name or name in (".", "..", AGREED) or "/" in name or "\\" in name):
            raise ArgumentError(f"{name!r} cannot be the name of a folder; choose another.")
    loaded = load_policy(policy)
    result = audit(
        read_caseload(caseload, strict=False, mapping=mapping),
        loaded,
        as_of=instant(loaded, as_of, "--as-of"),
    )
    drawn = by_ticket(read_manifest(manifest))
    pages = [_page(result.case(one.id).events, one.id, question) for one in drawn]
    folder = Path(out)
    folder.mkdir()
    for name, number in ((lead, len(drawn)), (second, min(again, len(drawn)))):
        if name is None:
            continue
        (folder / name).mkdir()
        cases = [(one.id, f"case-{at:04}.html") for at, one in enumerate(drawn[:number], 1)]
        for (_, file), page in zip(cases, pages, strict=False):
            (folder / name / file).write_text(page, encoding="utf-8")
        form = _form(cases, question, name, f"Review by {name}")
        (folder / name / "index.html").write_text(form, encoding="utf-8")
        (folder / name / "answers.csv").write_text(_blank(cases, question, name), encoding="utf-8")
        message(f"{folder / name}: {count(number, 'case')}")


def _page(events: Sequence[object], case: str, questions: Sequence[str]) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in _event(event)) + "</tr>"
        for event in events
    )
    asked = "".join(f"<li>{html.escape(one)}</li>" for one in questions)
    return (
        _HEAD.format(title=html.escape(f"Case {case}"))
        + f"<h2>Questions</h2><ul>{asked}</ul><h2>Timeline</h2><table><thead><tr>"
        + "".join(f'<th scope="col">{n}</th>' for n in ("Happened", "Recorded", "What", "By", "Concerns"))
        + f"</tr></thead><tbody>{rows}</tbody></table>{_TAIL}"
    )


def _event(event: object) -> tuple[str, ...]:
    from duecare._case import CaseEvent

    assert isinstance(event, CaseEvent)  # noqa: S101 - for the type alone
    when = event.occurred_at
    happened = when.date().isoformat() if event.day_only else when.isoformat(sep=" ", timespec="minutes")
    recorded = event.recorded_at.isoformat(sep=" ", timespec="minutes")
    return happened, recorded, event.title, event.actor or "", ", ".join(event.subjects)


def _answered(path: Path) -> list[Review]:
    """The rows of a CSV file that have an answer."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file, strict=True) if row.get("answer")]
    clean = path.with_suffix(".csv.answered")
    try:
        with open(clean, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else list(FIELDS))
            writer.writeheader()
            writer.writerows(rows)
        return read_reviews(clean)
    finally:
        clean.unlink(missing_ok=True)


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
    reviews = [one for path in sorted(Path(folder).glob("*/answers.csv")) for one in _answered(path)]
    if not reviews:
        raise ArgumentError("There are no answers yet.", source=folder)
    check_reviews(reviews, drawn)
    asked = Path(folder) / "adjudicate.csv"
    decided = _answered(asked) if asked.exists() else []
    check_reviews(decided, drawn)
    for one in decided:
        if not one.comment:
            raise ArgumentError(
                f"The adjudication of {one.case!r} gives no reason; write it as its comment.",
                source=str(asked),
            )
    agreed, open_ones = settle(reviews, {(one.case, one.question): one for one in decided})
    if open_ones and not asked.exists():
        rows = [
            line
            for case, q in open_ones
            for line in _blank([(case, None)], [q], adjudicator or "").split("\r\n")[1:-1]
        ]
        asked.write_text("\r\n".join([",".join(FIELDS), *rows, ""]), encoding="utf-8", newline="")
        message(f"written: {asked}")
    with output(out) as stream:
        stream.write(write_reviews([*reviews, *agreed]).encode())
    if store is not None and name is not None:
        with Store(store) as kept:
            kept.put_manifest(name, drawn.text, by=reviews[0].reviewer)
            for one, last in [*((r, False) for r in reviews), *((r, True) for r in decided)]:
                kept.put_review(
                    name,
                    one.case,
                    one.question,
                    one.answer,
                    by=one.reviewer,
                    adjudicates=last,
                    reason=one.comment or None,
                )
            message(f"head {kept.head}: write it down somewhere else")
    message(f"{count(len(agreed), 'answer')} agreed, {len(open_ones)} to be adjudicated")
    raise typer.Exit(FAILED if open_ones else DONE)
