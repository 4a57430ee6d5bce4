"""Gathers the pages of the documentation site in build/docs.

Those that people write stand in python/docs/pages. The references are made here from what they are about, so
that they cannot fall behind: the policy language from conformance vectors, each evaluated and drawn when the
page is made; the command from its help; the C ABI from its header; Python from docstrings (mkdocstrings).
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import run_notebooks

import duecare
from duecare._figures import timeline_chart, to_svg

ROOT = Path(__file__).resolve().parents[2]
PAGES = Path(__file__).parent / "pages"
VECTORS = ROOT / "tests/conformance"
HELP = ROOT / "python/tests/golden/help"

# Headings, and the vectors that show what stands under them.
VERDICTS = {
    "Met": ["c01-respond-met", "c02-respond-exactly-at-due"],
    "Late, missed, and still to do": ["002-late-missed-pending"],
    "Excused, or no longer needed": ["c08-respond-lapsed-excused"],
    "Not to be judged": ["c06-respond-age-unknown", "c16-respond-unknown-answer"],
    "Where the record gives only a day": ["c53-day-precision"],
    "Recorded afterwards": ["c48-retrospective"],
    "As it was known then": ["c49-as-known-then"],
    "Corrections": ["c50-correction-before", "c51-correction-after"],
    "Rhythms": ["c40-recur-first-and-next", "c42-recur-risk-rises"],
}
LANGUAGE = {
    "respond: `on`, `require`, `within`": ["c03-respond-missed-pending"],
    "precede: `before`": ["c37-precede"],
    "recur: `while`, `every`, `first`": ["c40-recur-first-and-next"],
    "last: `at_most`": ["105-last"],
    "check": ["c38-check-content"],
    "count: a pattern": ["133-three-in-a-window"],
    "`where`": ["c18-respond-four-eyes"],
    "`per` and `for`": ["c05-respond-every-child", "c19-respond-per-exhibit"],
    "`repeat`": ["c11-respond-repeat-each", "c12-respond-repeat-first", "c13-respond-repeat-absorb",
                 "c14-respond-repeat-restart"],
    "`unless`": ["c17-respond-unless"],
    "`excused_by`": ["078-excused"],
    "`until`": ["079-until"],
    "`pause_while`": ["072-pause"],
    "`not_before`": ["c15-respond-not-before"],
    "`accounted_by`": ["086-accounted"],
    "`warn`": ["087-due-soon"],
    "`owner`": ["096-owner"],
    "`anchor`": ["c45-recur-schedule"],
    "`across`": ["136-across-cases"],
    "`recorded_within`": ["093-retrospective-and-recorded-late"],
    "`effective`": ["094-effective"],
    "`choose`": ["069-choose-a-duration"],
    "Durations: working days": ["059-working-days-at-easter"],
    "Durations: days that count from the first": ["056-days-inclusive"],
    "Durations: set by the record": ["067-deadline-set-in-the-record"],
    "`facts`": ["047-facts"],
    "`parameters`": ["043-parameters"],
    "`mentions`": ["041-mentions"],
    "Three values": ["032-three-valued-and"],
    "`extends`": ["138-layer"],
}  # fmt: skip


def code(value: Any) -> str:
    """JSON, an object or a short list a line."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return re.sub(r"\[\s+([^\[\]{}]{0,90}?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text)


def vector(name: str, number: int) -> Iterator[str]:
    """What a vector is about, its duties, and each case with its picture and findings."""
    data = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    policy = duecare.Policy.from_json(data["policy"], layers=data.get("policies", []))
    caseload = duecare.Caseload.from_documents(data["caseload"])
    instants = {"as_of": data["as_of"], "known_at": data.get("known_at")}
    result = duecare.audit(caseload, policy, verdicts="all", **instants)
    found = [{key: finding.to_dict()[key] for key in ("duty_id", "verdict")} for finding in result.findings]
    if found != [{key: one[key] for key in ("duty_id", "verdict")} for one in data["expect"]]:
        raise RuntimeError(f"{name} does not say what it said")
    yield f"{data['about']}\n"
    hidden = {"title", "area", "severity", "source", "tests"}
    for duty in data["policy"].get("duties") or []:
        yield f"```json\n{code({key: value for key, value in duty.items() if key not in hidden})}\n```\n"
    for place, case_id in enumerate(caseload.case_ids[:4]):
        case = result.case(case_id)
        if case.obligations:
            yield f"<figure>{to_svg(timeline_chart(case), f'v{number}c{place}')}</figure>\n"
    rows = (
        f"| {one.case_id} | {escape(one.title)} | **{one.verdict}**{flags(one.flags)} "
        f"| {escape(one.explanation)} |"
        for one in result.findings[:12]
    )
    yield (
        "| case | duty | verdict | in words |\n|---|---|---|---|\n"
        + "\n".join(rows).replace("|\n", "|\n")
        + "\n"
    )


def flags(names: tuple[str, ...]) -> str:
    return f" ({', '.join(names)})" if names else ""


def vectors(title: str, intro: str, chapters: dict[str, list[str]]) -> str:
    """A page of vectors under headings."""
    parts = [f"# {title}\n", intro]
    number = 0
    for heading, names in chapters.items():
        parts.append(f"\n## {heading}\n")
        for name in names:
            number += 1
            parts += vector(name, number)
    return "\n".join(parts)


def command_page() -> str:
    """The help of every command, as it is printed."""
    parts = ["# The command\n", "What `--help` prints. Its examples are run by the tests.\n"]
    for path in sorted(HELP.glob("*.txt")):
        name = "duecare" if path.stem == "duecare" else f"duecare {path.stem.replace('-', ' ', 1)}"
        parts.append(f"## {name}\n\n```text\n{path.read_text(encoding='utf-8').strip()}\n```\n")
    return "\n".join(parts)


def _kind(node: dict[str, Any]) -> str:
    """What a key of the schema takes, in words."""
    if "const" in node:
        return f"`{json.dumps(node['const'])}`"
    if "enum" in node:
        return " or ".join(f"`{json.dumps(value)}`" for value in node["enum"])
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        return {"source": "a source", "formats": "a format, or a list of them"}.get(name, f"`{name}`")
    if "oneOf" in node:
        kinds = dict.fromkeys(_kind(one) for one in node["oneOf"])
        return " or ".join(kinds)
    kind = node.get("type", "object")
    if kind == "array":
        return f"a list: {_kind(node['items'])}" if "items" in node else "a list"
    if isinstance(node.get("additionalProperties"), dict) and kind == "object":
        return f"by name: {_kind(node['additionalProperties'])}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _keys(node: dict[str, Any]) -> Iterator[str]:
    yield "| key | takes | |\n|---|---|---|"
    for name, each in node["properties"].items():
        needed = "Required. " if name in node.get("required", []) else ""
        about = needed + each.get("description", "")
        yield f"| `{name}` | {_kind(each)} | {escape(about, quote=False)} |"


def mapping_page() -> str:
    """The keys of a mapping, from its schema."""
    schema = duecare.schema("mapping")
    parts = [
        "# Mappings: `duecare.mapping/1`\n",
        f"{schema['description']} As YAML or JSON. `duecare map inspect FILE` proposes one.\n",
        *_keys(schema),
        "\n## `file`\n",
        f"{schema['properties']['file']['description']}\n",
        *_keys(schema["properties"]["file"]),
    ]
    for name in ("events", "cases", "row_event", "persons", "staff"):
        title = "An event of a row of cases (`events` of `cases`)" if name == "row_event" else f"`{name}`"
        parts += [f"\n## {title}\n", *_keys(schema["$defs"][name])]
    source = schema["$defs"]["source"]["oneOf"]
    parts += ["\n## A source\n", f"{source[0]['description']} Or an object:\n", *_keys(source[1])]
    return "\n".join(parts) + "\n"


def c_page() -> str:
    """Sections, comments and declarations of duecare.h, in its order; all of its functions are among them."""
    text = (ROOT / "include/duecare/duecare.h").read_text(encoding="utf-8")
    parts = ["# C\n", "From `duecare.h`, which says the same and is what programs include.\n"]
    pattern = re.compile(
        r"^/\* ---- (?P<section>[^\n]*?) -+ \*/$"
        r"|^(?P<structure>typedef struct \w+ \{.*?^\} \w+;)"
        r"|/\*\*(?P<comment>(?:(?!\*/).)*)\*/\s*(?P<code>[^/#;]+;)",
        re.DOTALL | re.MULTILINE,
    )
    for found in pattern.finditer(text):
        if found["section"]:
            parts.append(f"\n## {found['section'].strip()}\n")
            continue
        if found["structure"]:
            parts.append(f"```c\n{found['structure']}\n```\n")
            continue
        words = re.sub(r"\n\s*\*\s?", "\n", found["comment"]).strip()
        parts.append(f"```c\n{found['code'].strip()}\n```\n\n{escape(words, quote=False)}\n")
    page = "\n".join(parts)
    missing = set(re.findall(r'\b(duecare_\w+)\([^;{}"]*\) DUECARE_NOEXCEPT;', text)) - set(
        re.findall(r'\b(duecare_\w+)\([^;{}"]*\) DUECARE_NOEXCEPT;', page)
    )
    if missing or len(parts) < 100:
        raise RuntimeError(f"the header was not understood: {', '.join(sorted(missing))}")
    return page


def python_page() -> str:
    """Directives for mkdocstrings, one for each public name."""
    parts = ["# Python\n"]
    names = [name for name in duecare.__all__ if not name.startswith("_")]
    functions = [name for name in names if name[0].islower()]
    for name in [*functions, *(name for name in names if name not in functions)]:
        parts.append(f"::: duecare.{name}\n")
    parts.append("## Pictures\n\n::: duecare.plot\n")
    return "\n".join(parts)


def make(target: Path) -> None:
    """Writes all pages."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(PAGES, target)
    for page in target.rglob("*.md"):
        # The words that tell the tests what to do with a block are not for readers.
        text = re.sub(r"^```(\w+) .*$", r"```\1", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        page.write_text(text, encoding="utf-8")
    (target / "reference").mkdir()
    made = {
        "verdicts.md": vectors(
            "How verdicts are reached",
            "Each example is a conformance vector, on which C, C++ and Python have to agree. The picture is "
            "drawn from what the engine says when this page is made.",
            VERDICTS,
        ),
        "reference/language.md": vectors(
            "The policy language, by example",
            "Each option with the smallest example that shows it. The examples are conformance vectors.",
            LANGUAGE,
        ),
        "reference/mapping.md": mapping_page(),
        "reference/command.md": command_page(),
        "reference/c.md": c_page(),
        "reference/python.md": python_page(),
    }
    for name, text in made.items():
        (target / name).write_text(text, encoding="utf-8")
    run_notebooks.make(Path(__file__).parent / "notebooks", ROOT / "examples", target / "notebooks")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/docs")
