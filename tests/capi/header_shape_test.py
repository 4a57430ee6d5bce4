"""The shape of duecare.h, which no compiler looks at: what types stand in it, who begins with what;
and that it and duecare.hpp have the sections that their opening comments list, in one order.

Argument: the top folder of the repository. Each rule is first tried on a text that breaks it.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

# Types whose size is the compiler's or the platform's affair, and what belongs to C++ or to one process.
BANNED = (
    r"\b(enum|bool|_Bool|long|short|int|unsigned|wchar_t|time_t|off_t|ssize_t|FILE|va_list|class|template)\b"
    r"|\.\.\."
)


def code_of(header: str) -> str:
    """Without comments and without the lines of the preprocessor."""
    code = re.sub(r"/\*.*?\*/", "", header, flags=re.S)
    return re.sub(r"^[ \t]*#.*(?:\\\n.*)*$", "", code, flags=re.M)


def faults(header: str) -> Iterator[str]:
    code = code_of(header)
    for match in re.finditer(BANNED, code):
        yield f"`{match.group()}` is in it"
    for prefix, result, name in re.findall(
        r"\b(DUECARE_API|DUECARE_CHECKED)\s+([\w\s*]*?)\b(duecare_\w+)\(", code
    ):
        # An accessor hands out a status that was kept; nothing is lost when nobody looks at it.
        fallible = result.strip() == "duecare_status" and name != "duecare_error_get_status"
        if fallible != (prefix == "DUECARE_CHECKED"):
            yield f"{name} returns {result.strip()} and is {prefix}"
    for name, parameters in re.findall(r"\b(duecare_\w+)\(([^;]*?)\)\s*DUECARE_NOEXCEPT", code):
        words = [word.split() for word in parameters.split(",")]
        if "duecare_error**" in parameters and words[-1] != ["duecare_error**", "error"]:
            yield f"{name}: the error is not the last parameter"
    for body, name in re.findall(r"\bstruct\s+\w*\s*\{([^}]*)\}\s*(\w*)", code):
        if not re.match(r"\s*uint32_t struct_size;\s*uint32_t flags;", body):
            yield f"{name} does not begin with struct_size and flags"
        if f"duecare_status {name}_init({name}* " not in " ".join(code.split()):
            yield f"{name} has no _init function"
        if f"#define {name.upper()}_INIT " not in header:
            yield f"{name} has no {name.upper()}_INIT"
        if not re.search(rf"#define {name.upper()}_SIZE_\d+_\d+ ", header):
            yield f"{name} has no {name.upper()}_SIZE of a release"


def sections(header: str, name: str) -> Iterator[tuple[str, str]]:
    """Nouns and words of the lines that begin a section; each is one line of one form."""
    opening, closing = (r"/\*", r" \*/") if name.endswith(".h") else ("//", "")
    for line in re.findall(rf"^{opening} ----.*$|^//.*-{{9,}}$", header, flags=re.M):
        match = re.fullmatch(rf"{opening} ---- ([A-Z][\w, ]*): (.*[^ -]) -+{closing}", line)
        yield (match[1], match[2]) if match else ("", line)


def faults_of_sections(header: str, wrapper: str) -> Iterator[str]:
    order: list[str] = []
    for name, text in (("duecare.h", header), ("duecare.hpp", wrapper)):
        found = list(sections(text, name))
        yield from (f"{name}: `{line}` is no line that begins a section" for noun, line in found if not noun)
        begun = [f"{noun}: {words}" for noun, words in found if noun]
        contents = re.search(r"CONTENTS.*?\n(?: \*|//)\n(.*?)\n(?: \*\n|#)", text, flags=re.S)
        lines = contents[1].splitlines() if contents else []
        listed = [re.sub(r"(?<=\w)(?:  +|: )", ": ", line.lstrip(" */"), count=1) for line in lines]
        if listed != begun or not begun:
            yield f"{name}: the contents are not its sections, in their order: {set(listed) ^ set(begun)}"
        nouns = [noun for joined, _ in found for noun in joined.split(", ")]
        order = order or nouns
        if nouns != [noun for noun in order if noun in nouns]:
            yield f"{name}: the sections do not stand in the order of duecare.h: {nouns}"


BAD = (
    "enum duecare_x { A };",
    "DUECARE_API long duecare_x(void) DUECARE_NOEXCEPT;",
    "DUECARE_API void duecare_x(const char* format, ...) DUECARE_NOEXCEPT;",
    "DUECARE_API duecare_status duecare_x(void) DUECARE_NOEXCEPT;",
    "DUECARE_CHECKED duecare_status duecare_x(duecare_error** error, size_t n) DUECARE_NOEXCEPT;",
    "typedef struct duecare_x { uint64_t a; } duecare_x;",
    "typedef struct duecare_x { uint32_t struct_size; uint32_t flags; } duecare_x;",
)


# The sections of a header and of a wrapper as they should be, and what is wrong with them when changed.
HEADER = """/** CONTENTS
 *
 *  Error  a
 *  Frame  b, c
 *
 */
/* ---- Error: a ------ */
/* ---- Frame: b, c --- */
"""
WRAPPER = """// CONTENTS
//
//   Error: x
//   Frame: y
#pragma once
// ---- Error: x ---------
// ---- Frame: y ---------
"""
BAD_SECTIONS = (
    (HEADER.replace(" ------ */", " ------\n */"), WRAPPER),
    (HEADER.replace("  b, c\n", "  b\n"), WRAPPER),
    (HEADER, WRAPPER.replace(" ---------", "\n// ---------")),
    (HEADER, WRAPPER.replace("Frame", "Other").replace("Error", "Frame").replace("Other", "Error")),
    (HEADER, WRAPPER.replace("Frame", "Frames")),
    (HEADER, WRAPPER.replace("CONTENTS", "")),
)


def main() -> int:
    include = Path(sys.argv[1]) / "include/duecare"
    header = (include / "duecare.h").read_text(encoding="utf-8")
    wrapper = (include / "duecare.hpp").read_text(encoding="utf-8")
    failures = [f"no rule finds fault with {text}" for text in BAD if not list(faults(text))]
    failures += [
        f"no rule finds fault with {pair}" for pair in BAD_SECTIONS if not list(faults_of_sections(*pair))
    ]
    failures += [
        f"fault is found with what has none: {fault}" for fault in faults_of_sections(HEADER, WRAPPER)
    ]
    failures += [f"duecare.h: {fault}" for fault in faults(header)]
    failures += faults_of_sections(header, wrapper)
    print("\n".join(failures) or "duecare.h and duecare.hpp have the shape that they should have")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
