"""What may include what, what the engine may call, and what the repository may say.

Argument: the top folder of the repository. Each rule is first tried on a text that breaks it, so that a rule
that finds nothing is known to be able to.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCES = {".cpp", ".hpp", ".c", ".h"}

# Modules that may include Boost.JSON, and threads: file by file.
BOOST_JSON = (
    "src/base/",
    "src/records/",
    "src/policy/",
    "src/sampling/",
    "src/store/",
    "src/tables/mapping.cpp",
    "capi/windows/precompiled.hpp",
)
THREADS = {"src/evaluate/audit.cpp"}
# The files that may call an operating system; what they include tells.
SYSTEM_FILES = {"src/base/digest_bcrypt.cpp", "src/base/system_posix.cpp", "src/base/system_windows.cpp"}
SYSTEM_HEADERS = (
    r"(?:sys|arpa|netinet)/.*|(?:unistd|fcntl|pthread|dlfcn|signal|dirent|poll|sched|io|windows|bcrypt)\.h"
)

# What would make an answer depend on the machine, the process or the moment.
BANNED = {
    "streams of the process": r"#\s*include\s*<iostream>|\bstd::(?:cout|cerr|clog|cin)\b",
    "numbers by locale": r"\b(?:strto[dflu]\w*|ato[fil]l?|std::sto[a-z]+|sscanf|s?n?printf|stringstream)\b",
    "the zone of the machine": r"\b(?:localtime|gmtime|mktime|strftime|tzset|timegm)(?:_r)?\b",
    "the locale": r"\bsetlocale\b|#\s*include\s*<(?:c?locale)>"
    r"|\b(?:std::)?(?:toupper|tolower|isalpha|isspace)\s*\(",
    "the environment": r"\b(?:secure_)?(?:getenv|setenv|putenv)\b",
    "chance": r"\b(?:rand|srand|random)\s*\(|\brandom_device\b|#\s*include\s*<random>",
    # Also a string that the C++ library allocates: capi/packaging/memory.cmake.
    "texts of the machine": r"\b(?:generic_category|system_category|strerror)\b|#\s*include\s*<system_error>",
    "the clock": r"\b(?:system|steady|high_resolution)_clock\b|\b(?:gettimeofday|clock_gettime)\b"
    r"|\btime\s*\(\s*(?:NULL|nullptr|0)?\s*\)",
}
THREADING = r"\bstd::(?:jthread|thread|async)\b|#\s*include\s*<thread>"

# Words that have no place in a repository that speaks of the product alone: paths of somebody's machine.
FORBIDDEN = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/|\blocalhost:\d+")


# A type that is defined at the margin; `struct Zone::Impl {` is a part of another.
TYPE = r"(?:struct|class|union|enum(?: class)?) (\w+)(?: final)?(?: : [^;]*)?\s*\{"


def without_comments(text: str) -> str:
    """The code alone, with as many lines as before; strings are emptied, comments are gone."""
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"' + r"|'(?:\\.|[^'\\\n])'"

    def blank(match: re.Match[str]) -> str:
        found = match.group()
        return "\n" * found.count("\n") if found[0] == "/" else '""'

    return re.sub(pattern, blank, text, flags=re.S)


def includes(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line):
            yield number, match.group(1)


def module_edges(cmake: str) -> dict[str, set[str]]:
    """The DEPENDS of each duecare_module()."""
    edges = {}
    code = re.sub(r"#[^\n]*", "", cmake)
    for name, arguments in re.findall(r"^duecare_module\((\w+)\s*(.*?)\)", code, flags=re.S | re.M):
        words = arguments.split()
        depends: set[str] = set()
        if "DEPENDS" in words:
            for word in words[words.index("DEPENDS") + 1 :]:
                if word.isupper():
                    break
                depends.add(word)
        edges[name] = depends
    return edges


def check_edges(name: str, text: str, edges: dict[str, set[str]]) -> Iterator[str]:
    """Includes of one file of src/ or capi/ (`name` from the top folder)."""
    parts = name.split("/")
    module = parts[1] if parts[0] == "src" else ""
    for number, included in includes(text):
        head = included.split("/")[0]
        if head in edges and module and head != module and head not in edges[module]:
            yield f"{name}:{number}: {module} includes {included}, and {head} is not in its DEPENDS"
        if included.startswith("boost/json") and not name.startswith(BOOST_JSON):
            yield f"{name}:{number}: Boost.JSON is for {', '.join(BOOST_JSON)} alone"
        if re.fullmatch(SYSTEM_HEADERS, included) and name not in SYSTEM_FILES:
            yield f"{name}:{number}: {included} is for {', '.join(sorted(SYSTEM_FILES))} alone"
        # The structures of another specification, which has them once for everybody.
        if included == "duecare/arrow_abi.h":
            continue
        if module and head in ("capi", "duecare", "python", "tests"):
            yield f"{name}:{number}: the engine includes {included}, which stands above it"


def check_calls(name: str, text: str) -> Iterator[str]:
    code = without_comments(text)
    code_with_includes = "\n".join(
        line if "#" not in line else text.splitlines()[i] for i, line in enumerate(code.splitlines())
    )
    for number, line in enumerate(code_with_includes.splitlines(), 1):
        for what, pattern in BANNED.items():
            if match := re.search(pattern, line):
                yield f"{name}:{number}: `{match.group()}`: {what}"
        if name not in THREADS and (match := re.search(THREADING, line)):
            yield f"{name}:{number}: `{match.group()}`: threads are for {', '.join(sorted(THREADS))} alone"


def types_defined(text: str) -> Iterator[tuple[int, str]]:
    """The types that a file defines for all files of the program, as `namespace::Type`."""
    spaces: list[str] = []
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        if match := re.match(r"namespace\s*([\w:]*)\s*\{(?!.*\})", line):
            spaces.append(match.group(1))
        elif line.startswith("}") and not line.startswith("};"):
            # Bodies of functions end like this too; only a namespace is opened at the margin as one.
            if (
                spaces
                and line.rstrip() == "}"
                and text.splitlines()[number - 1].startswith("}  // namespace")
            ):
                spaces.pop()
        elif "" not in spaces and (match := re.match(TYPE, line)):
            yield number, "::".join([*spaces, match.group(1)])


def check_names(name: str, text: str, known: dict[str, str]) -> Iterator[str]:
    """One definition a type: of two, the linker keeps the functions of one for both, without a word."""
    for number, full in types_defined(text):
        if full in known:
            yield f"{name}:{number}: {full} is defined in {known[full]} too"
        known[full] = f"{name}:{number}"


def check_header(header: str, listed: set[str]) -> Iterator[str]:
    """Each function of duecare.h has a comment of its own right before it, and stands in symbols.txt."""
    declaration = r"(\*/)?[ \t]*\n((?:DUECARE_API|DUECARE_CHECKED)[^;#]*?\b(duecare_\w+)\([^;]*;)"
    for match in re.finditer(declaration, header):
        number = header.count("\n", 0, match.start(2)) + 1
        if not match.group(1):
            yield f"duecare.h:{number}: {match.group(3)} has no comment of its own"
        if match.group(3) not in listed:
            yield f"duecare.h:{number}: {match.group(3)} is not in symbols.txt"


FOLDERS = r"(?:src|capi|include|python|examples|tests)/[\w./-]*"


def check_folder_map(readme: str, top: Path) -> Iterator[str]:
    """Paths at the beginning of a line in a block of the README that draws folders, and in code marks."""
    named = set(re.findall(rf"`({FOLDERS})`", readme))
    for block in re.findall(r"^```(?:text)?\n(.*?)^```", readme, flags=re.S | re.M):
        named |= set(re.findall(rf"^({FOLDERS})(?=\s|$)", block, flags=re.M))
    for name in sorted(named):
        if not (top / name).exists():
            yield f"README.md: {name} is not there"


def check_words(name: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if match := FORBIDDEN.search(line):
            yield f"{name}:{number}: `{match.group()}` is a path of one machine"


def tracked(top: Path) -> list[str]:
    command = ["git", "-C", str(top), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return sorted(name for name in listed.split("\0") if name and (top / name).is_file())
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive
        names = (str(path.relative_to(top)) for path in top.rglob("*") if path.is_file())
        return sorted(name for name in names if not name.startswith(("build/", ".git/")))


def prove_the_rules() -> Iterator[str]:
    """A rule that lets its own counter-example pass is no rule."""
    edges = module_edges(
        "duecare_module(base\n SOURCES a.cpp)\nduecare_module(time SOURCES b.cpp\n DEPENDS base)\n"
    )
    if edges != {"base": set(), "time": {"base"}}:
        yield f"module_edges() reads {edges}"
    bad = [
        (check_edges("src/base/a.cpp", '#include "time/zone.hpp"\n', edges), "an edge upwards"),
        (check_edges("src/time/a.cpp", "#include <boost/json.hpp>\n", edges), "Boost.JSON in time"),
        (check_edges("capi/a.cpp", "#include <boost/json.hpp>\n", edges), "Boost.JSON in capi"),
        (check_edges("capi/a.cpp", "#include <sys/mman.h>\n", edges), "a call of the system"),
        (check_edges("src/base/a.cpp", "#include <windows.h>\n", edges), "a call of Windows"),
        (check_calls("src/a.cpp", "#include <iostream>\n"), "iostream"),
        (check_calls("src/a.cpp", "x = std::strtod(s, nullptr);"), "strtod"),
        (check_calls("src/a.cpp", "std::localtime(&t);"), "localtime"),
        (check_calls("src/a.cpp", "gmtime_r(&t, &tm);"), "gmtime_r"),
        (check_calls("src/a.cpp", 'std::setlocale(LC_ALL, "");'), "setlocale"),
        (check_calls("src/a.cpp", 'std::getenv("TZ");'), "getenv"),
        (check_calls("src/a.cpp", "std::generic_category().message(1);"), "generic_category"),
        (check_calls("src/a.cpp", "int r = rand();"), "rand"),
        (check_calls("src/a.cpp", "std::chrono::system_clock::now();"), "the clock"),
        (check_calls("src/a.cpp", "auto t = time(nullptr);"), "time()"),
        (check_calls("src/time/a.cpp", "std::jthread t;"), "a thread"),
        (
            check_names(
                "a.hpp",
                "namespace a::b {\nstruct X : Y {\n};\n}  // namespace a::b\n",
                {"a::b::X": "b.hpp:1"},
            ),
            "two types of one name",
        ),
        (check_header("\nDUECARE_API int duecare_x(void);\n", {"duecare_x"}), "no comment"),
        (check_header("/** X. */\nDUECARE_API int duecare_x(void);\n", set()), "not in symbols.txt"),
        (check_folder_map("see `src/nowhere/`", Path("/nonexistent")), "a folder that is not there"),
        (check_words("a", "see " + "/" + "root/x"), "a machine's path"),
    ]
    for found, what in bad:
        if not list(found):
            yield f"the rule against {what} finds nothing"
    good = [
        check_edges("src/time/a.cpp", '#include "base/text.hpp"\n#include "time/zone.hpp"\n', edges),
        check_edges("src/base/system_posix.cpp", "#include <sys/mman.h>\n", edges),
        check_calls("src/a.cpp", '// localtime is banned\nauto s = "getenv"; /* rand() */ k_time(0);\n'),
        check_names(
            "a.cpp",
            "namespace a {\nnamespace {\nstruct X {\n};\n}  // namespace\n}  // namespace a\n",
            {"a::X": ""},
        ),
        check_header("/** X. */\nDUECARE_API int duecare_x(void);\n", {"duecare_x"}),
    ]
    for found in good:
        yield from (f"a rule finds fault where there is none: {what}" for what in found)


def main() -> int:
    top = Path(sys.argv[1])
    failures = list(prove_the_rules())
    edges = module_edges((top / "CMakeLists.txt").read_text())
    folders = {path.name for path in (top / "src").iterdir() if path.is_dir()}
    if set(edges) != folders:
        failures.append(f"duecare_module() knows {sorted(edges)}, src/ holds {sorted(folders)}")
    files = tracked(top)
    read = 0
    known: dict[str, str] = {}
    for name in files:
        try:
            text = (top / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        failures += check_words(name, text)
        if Path(name).suffix in SOURCES and name.startswith(("src/", "capi/")):
            read += 1
            failures += check_edges(name, text, edges)
            failures += check_names(name, text, known)
            if name.startswith("src/"):
                failures += check_calls(name, text)
    if read < 50:
        failures.append(f"only {read} sources were found")
    symbols = (top / "capi/symbols.txt").read_text().splitlines()
    listed = {line.split()[0] for line in symbols if line.strip() and not line.startswith("#")}
    failures += check_header((top / "include/duecare/duecare.h").read_text(), listed)
    if (top / "README.md").exists():
        failures += check_folder_map((top / "README.md").read_text(), top)
    print("\n".join(failures) or f"{len(files)} files, {read} of them sources, keep to the rules")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
