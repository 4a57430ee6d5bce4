"""The gate of the ABI (abi_gate.py) lets additions pass and nothing else: for each change of duecare.h below,
a library is built that has the functions of the changed header with empty bodies, and is compared as the real
one is, with the same baseline and the same list of what may grow.

Arguments: the C compiler, the top folder of the repository.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from abi_gate import BASELINE, GROWING, compare

Edit = Callable[[str], str]


@dataclass(frozen=True)
class Change:
    """An edit of duecare.h, and what the report of the gate says of it; nothing: it passes."""

    name: str
    edit: Edit
    says: str = ""
    members: int = 0  # that the gate names as added


def replaced(old: str, new: str) -> Edit:
    def edit(header: str) -> str:
        if header.count(old) != 1:
            raise SystemExit(f"duecare.h has {header.count(old)} times {old!r}: the change cannot be tried")
        return header.replace(old, new)

    return edit


def declaration(name: str) -> re.Pattern[str]:
    return re.compile(rf"DUECARE_(?:API|CHECKED) [^;{{}}]*?\b{name}\([^;]*;")


def without(name: str) -> Edit:
    def edit(header: str) -> str:
        changed, count = declaration(name).subn("", header)
        if count != 1:
            raise SystemExit(f"duecare.h does not declare {name}: the change cannot be tried")
        return changed

    return edit


def in_declaration(name: str, old: str, new: str) -> Edit:
    def edit(header: str) -> str:
        found = declaration(name).search(header)
        if found is None or old not in found.group():
            raise SystemExit(f"{name} has no {old!r}: the change cannot be tried")
        return header.replace(found.group(), found.group().replace(old, new, 1))

    return edit


def both(first: Edit, second: Edit) -> Edit:
    return lambda header: second(first(header))


AUDIT_END = "} duecare_audit_options;"
appended = replaced(AUDIT_END, "    uint64_t later;\n" + AUDIT_END)
new_function = replaced(
    "#if defined(__cplusplus)\n}",
    "DUECARE_CHECKED duecare_status duecare_later_new(const duecare_audit_options* options,\n"
    "    duecare_error** error) DUECARE_NOEXCEPT;\n#if defined(__cplusplus)\n}",
)

CHANGES = [
    Change("nothing", lambda header: header),
    Change("a function more", new_function),
    Change("a member at the end of options", appended, members=1),
    Change("a function more and a member at the end of options", both(new_function, appended), members=1),
    Change(
        "a member at the end of a query",
        replaced("} duecare_monitor_query;", "    const char* duty_id;\n} duecare_monitor_query;"),
        members=1,
    ),
    Change(
        "a constant more",
        replaced("#define DUECARE_STATUS_OK 0", "#define DUECARE_STATUS_OK 0\n#define DUECARE_L 1"),
    ),
    Change("a function less", without("duecare_token_reset"), "duecare_token_reset"),
    Change(
        "another name",
        in_declaration("duecare_token_reset", "token_reset", "token_clear"),
        "duecare_token_reset",
    ),
    Change(
        "a wider parameter",
        in_declaration("duecare_verdict_get_name", "duecare_verdict verdict", "int64_t verdict"),
        "duecare_verdict_get_name",
    ),
    Change(
        "a parameter of another sign",
        in_declaration("duecare_flag_get_name", "uint32_t flag", "int32_t flag"),
        "duecare_flag_get_name",
    ),
    Change(
        "a parameter more",
        in_declaration("duecare_token_cancel", "duecare_token* token", "duecare_token* token, int32_t why"),
        "duecare_token_cancel",
    ),
    Change(
        "another object as parameter",
        in_declaration("duecare_finding_new", "const duecare_result* result", "const duecare_policy* result"),
        "duecare_finding_new",
    ),
    Change(
        "an object that is no longer const",
        in_declaration("duecare_result_count_cases", "const duecare_result*", "duecare_result*"),
        "duecare_result_count_cases",
    ),
    Change(
        "another result",
        in_declaration("duecare_result_count_cases", "uint64_t duecare", "uint32_t duecare"),
        "duecare_result_count_cases",
    ),
    Change(
        "a wider status",
        replaced("typedef int32_t duecare_status;", "typedef int64_t duecare_status;"),
        "duecare_status",
    ),
    Change(
        "a callback with a parameter more",
        replaced(
            "uint64_t cases_total, void* user_data);",
            "uint64_t cases_total, int32_t phase, void* user_data);",
        ),
        "duecare_progress_fn",
    ),
    Change(
        "a member in the middle of options",
        replaced(
            "    uint32_t verdicts;            /*",
            "    uint64_t middle;\n    uint32_t verdicts;            /*",
        ),
        "duecare_audit_options",
    ),
    Change(
        "members in the middle and at the end of options",
        both(
            replaced(
                "    uint32_t verdicts;            /*",
                "    uint64_t m;\n    uint32_t verdicts;            /*",
            ),
            appended,
        ),
        "duecare_audit_options",
    ),
    Change(
        "a wider member of options and one at the end",
        both(
            replaced("    uint32_t verdicts;            /*", "    uint64_t verdicts;            /*"), appended
        ),
        "duecare_audit_options",
    ),
    Change(
        "a member of another sign, and one at the end",
        both(
            replaced("    uint32_t verdicts;            /*", "    int32_t verdicts;            /*"), appended
        ),
        "duecare_audit_options",
    ),
    Change(
        "a member of another name, and one at the end",
        both(
            replaced("    int64_t as_of;                /*", "    int64_t known;                /*"), appended
        ),
        "duecare_audit_options",
    ),
    Change(
        "a member less",
        replaced(
            "    const duecare_token* token;   /* may be NULL; is kept alive by the audit itself */\n", ""
        ),
        "duecare_audit_options",
    ),
]


def stand_in(header: str) -> str:
    """A C file that defines each function of the header, with nothing in it."""
    code = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
    code = re.sub(r"^[ \t]*#.*(?:\\\n.*)*$", "", code, flags=re.M)
    found = re.findall(r"\bDUECARE_(?:API|CHECKED)\s+([^;{}]*?)\s*DUECARE_NOEXCEPT\s*;", code)
    lines = [f"{text} {{ {'' if text.startswith('void ') else 'return 0;'} }}" for text in found]
    return '#include "duecare/arrow_abi.h"\n#include "duecare/duecare.h"\n' + "\n".join(lines) + "\n"


def build(cc: str, header: str, top: Path, folder: Path) -> Path:
    headers = folder / "include/duecare"
    headers.mkdir(parents=True, exist_ok=True)
    (headers / "duecare.h").write_text(header, encoding="utf-8")
    (headers / "arrow_abi.h").write_bytes((top / "include/duecare/arrow_abi.h").read_bytes())
    source, library = folder / "library.c", folder / "libduecare.so"
    source.write_text(stand_in(header), encoding="utf-8")
    names = re.findall(r"\b(duecare_\w+)\(", source.read_text(encoding="utf-8"))
    script = folder / "library.map"
    script.write_text("DUECARE_1.0 { global: " + "; ".join(names) + "; local: *; };\n", encoding="utf-8")
    subprocess.run(
        [cc, "-g", "-w", "-shared", "-fPIC", "-I", folder / "include", "-Wl,-soname,libduecare.so.0",
         f"-Wl,--version-script={script}", "-o", library, source],
        check=True,
    )  # fmt: skip
    return library


def main() -> int:
    cc, top = sys.argv[1], Path(sys.argv[2])
    header = (top / "include/duecare/duecare.h").read_text(encoding="utf-8")
    failures = []
    with tempfile.TemporaryDirectory() as work:
        for change in CHANGES:
            library = build(cc, change.edit(header), top, Path(work))
            outcome = compare(top / BASELINE, library, Path(work) / "include", top / GROWING)
            if change.says == "" and (outcome.code != 0 or len(outcome.members) != change.members):
                failures.append(f"{change.name}: should pass; {outcome.reasons}\n{outcome.report}")
            elif change.says and (
                outcome.code & 3 or not outcome.code & 4 or change.says not in outcome.report
            ):
                failures.append(f"{change.name}: should fail; {outcome.reasons}\n{outcome.report}")
    alone = subprocess.run(
        [sys.executable, Path(__file__).with_name("abi_gate.py"), "libduecare.so", top],
        env={"PATH": "/nonexistent"}, capture_output=True, text=True,
    )  # fmt: skip
    if alone.returncode == 0 or "is missing" not in alone.stderr:
        failures.append(f"without its tools the gate should fail, and says {alone.stdout}{alone.stderr}")
    print("\n".join(failures) or f"{len(CHANGES)} changes are judged as they should be")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
