"""Writes a C file with a call of every function of duecare.h, for fault_test.c.

Arguments: the top folder of the repository, the file to write. Each function of capi/symbols.txt gets a row
that calls it with good arguments, or with one of them replaced. Where a parameter is of a type or name that
nothing here has a value for, or a function is not in the header, it fails: a new function cannot be left out.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

# These write files and have a sweep of their own: store_fault_test.c.
ELSEWHERE = "duecare_store_"

# What is passed, by name: texts with the parameter of their length, and numbers.
TEXTS = {
    "accreditation": '"tier-2"', "bytes": '"some bytes"', "case_id": '"MC-1"',
    "duty_id": '"return-interview"',
    "event": '"e0"', "id": '"an-id-that-fits-into-no-small-string"', "ids": '"U1U2"', "inputs": "k_inputs",
    "json": "k_policy", "key": '"P2"', "kind": '"a-kind-of-case-with-a-long-name"', "manifest": "f->manifest",
    "mapping": "k_mapping", "method": '"proportion_interval"', "name": '"a-rather-long-name-of-a-source"',
    "origin": '"thrown dice before witnesses, twice"', "path": "f->given->path", "person": '"P1"',
    "plan": "k_plan",
    "prefix": '"a-rather-long-prefix-of-a-force/"', "rank": '"inspector"',
    "reason": '"a duplicate of another"',
    "role": '"a-role-with-a-long-name-of-its-own"', "seed": '"12345678901234567890"', "source": '"feed"',
    "strata": '"northsouth"', "stratum": '"a-rather-long-name-of-a-stratum"', "stratum_prefix": '"force-"',
    "text": '"2023-01-10T08:00:00Z"', "to": '"{\\"n\\": 3}"', "type": '"interview.return_home"',
    "unit": '"a-unit-with-a-long-name-of-its-own"', "value": '"a-value-that-fits-into-no-small-string"',
    "data": "f->snapshot",
}  # fmt: skip
NUMBERS = {
    "conf": "0.95", "value": "1", "day": "2", "month": "4", "year": "2010", "from": "19000", "until": "19100",
    "withdrawn": "0", "as_of": "k_later", "known_at": "k_later", "instant": "k_start", "occurred": "k_start",
    "recorded": "k_start", "size": "7", "flag": "DUECARE_FLAG_ACCOUNTED", "flags": "0", "verdicts": "0",
    "begin": "0", "count": "2", "duty": "0", "group": "0", "index": "0", "line": "3", "obligation": "0",
    "stratum": "0", "unit": "0", "edge": "DUECARE_DAY_END", "precision": "DUECARE_PRECISION_EXACT",
    "side": "DUECARE_SIDE_TWO", "status": "DUECARE_STATUS_DATA", "table": "DUECARE_TABLE_FINDINGS",
    "verdict": "DUECARE_VERDICT_LATE",
}  # fmt: skip
ARRAYS = {
    "offsets": "k_offsets", "stratum_offsets": "k_stratum_offsets", "sizes": "k_sizes",
    "n": "k_n", "x": "k_x",
    "stream": "&f->stream", "resolver": "resolve", "destroy": "NULL", "user_data": "NULL",
}  # fmt: skip
# Where the value of a function is another than that of its name.
SPECIAL = {
    ("duecare_builtin_export_json", "id"): '"england-wales-child-protection"',
    ("duecare_feature_supported", "name"): '"duecare.case/1"',
    ("duecare_caseload_push", "bytes"): "k_caseload",
    ("duecare_zones_import", "bytes"): "f->given->zones",
    ("duecare_monitor_push_event", "json"): "k_event",
    ("duecare_monitor_push_document", "json"): "k_document",
    ("duecare_sample_replace", "id"): "f->unit_id",
    ("duecare_tables_add", "name"): '"events"',
    ("duecare_frame_push_frame", "other"): "f->frame",
    ("duecare_document_set_replaces", "event"): '"e0"',
}
LENGTHS = {("duecare_zones_import", "length"): "f->given->zones_length"}
# What has to be there before the call; see the functions prepare_... of fault_test.c.
PREPARE = {
    "duecare_caseload_push": "begun", "duecare_caseload_finish": "pushed", "duecare_caseload_begin": "unread",
    "duecare_caseload_read_file": "unread", "duecare_caseload_add_document": "unread",
    "duecare_caseload_add_tables": "tables", "duecare_document_close_attribute": "attribute",
    "duecare_document_add_member": "staff", "duecare_document_add_service": "member",
    "duecare_document_add_accreditation": "actor", "duecare_document_set_no_accreditations": "actor",
    "duecare_document_set_rank": "actor", "duecare_document_set_unit": "actor",
    "duecare_document_set_kind": "bare", "duecare_document_set_born": "person",
    "duecare_document_add_role": "person", "duecare_frame_push": "open_frame",
    "duecare_frame_push_many": "open_frame", "duecare_frame_push_frame": "open_frame",
    "duecare_frame_finish": "open_frame", "duecare_tables_add": "table",

}  # fmt: skip
OPEN_FRAME = {f for f, p in PREPARE.items() if p == "open_frame"}
MAY_BE_NULL = {
    ("duecare_compiler_set_zones", "zones"), ("duecare_compiler_set_resolver", "resolver"),
    ("duecare_caseload_new", "options"), ("duecare_audit_run", "options"), ("duecare_monitor_list", "query"),
    ("duecare_context_new", "options"), ("duecare_compiler_set_context", "context"),
    ("duecare_document_set_context", "context"), ("duecare_tables_set_context", "context"),
    ("duecare_frame_set_context", "context"), ("duecare_frame_push_many", "sizes"),
    ("duecare_zones_get_version", "zones"),
}  # fmt: skip
# After OUT_OF_MEMORY these leave a caseload that only can be looked at; the header says so.
NOT_AGAIN = {f for f in PREPARE if f.startswith("duecare_caseload_")} | {
    "duecare_tables_add", "duecare_caseload_add_tables", "duecare_compiler_set_resolver",
    "duecare_monitor_add_document",
}  # fmt: skip
OPTIONS = {
    "duecare_audit_options": "DUECARE_AUDIT_OPTIONS_INIT",
    "duecare_context_options": "DUECARE_CONTEXT_OPTIONS_INIT",
    "duecare_caseload_options": "DUECARE_CASELOAD_OPTIONS_INIT",
    "duecare_monitor_options": "DUECARE_MONITOR_OPTIONS_INIT",
    "duecare_monitor_query": "DUECARE_MONITOR_QUERY_INIT",
}


@dataclass
class Parameter:
    type: str
    name: str


@dataclass
class Function:
    result: str
    name: str
    parameters: list[Parameter]


def read_header(path: Path) -> list[Function]:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    pattern = r"DUECARE_(?:API|CHECKED)\s+([\w\s*]+?)\s*\b(duecare_\w+)\s*\(([^)]*)\)\s*DUECARE_NOEXCEPT"
    functions = []
    for result, name, given in re.findall(pattern, text):
        parameters = []
        for one in " ".join(given.split()).split(","):
            if one.strip() != "void":
                of, named = re.fullmatch(r"(.*?[\s*])(\w+)", one.strip()).groups()
                parameters.append(Parameter(of.strip(), named))
        functions.append(Function(result, name, parameters))
    return functions


def is_handle(of: str) -> bool:
    return re.fullmatch(r"(const )?duecare_\w+\*", of) is not None and options_of(of) is None


def options_of(of: str) -> str | None:
    return OPTIONS.get(of.removeprefix("const ").removesuffix("*").strip())


class Row:
    """The C function that calls one function of the library."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.is_fallible = function.result == "duecare_status" and "_get_" not in function.name
        self.before: list[str] = []
        self.after: list[str] = []
        self.kinds: list[str] = []
        for place, parameter in enumerate(function.parameters):
            self.add(place, parameter)

    def add(self, place: int, p: Parameter) -> None:
        of, name = p.type, p.name
        pointee = of.removesuffix("*").strip()
        kind = "NUMBER"
        declare = f"{of} {name}"
        if name == "error" and of == "duecare_error**":
            declare = (
                "duecare_error* failure = (duecare_error*)k_poison;\n    duecare_error** error = &failure"
            )
            kind = "ERROR"
        elif name == "out_length":
            declare = "size_t length_written = 99;\n    size_t* out_length = &length_written"
            kind = "LENGTH_OUT"
        elif name == "out_stream":
            made = "struct ArrowArrayStream"
            declare = f"{made} made_{place};\n    {made}* out_stream = &made_{place}"
            self.after.append("if (out_stream != NULL) finish_stream(c, out_stream);")
            kind = "OUT"
        elif name.startswith("out_") and of.endswith("**"):
            made = pointee.removesuffix("*").strip()
            declare = f"{made}* made_{place} = ({made}*)k_poison;\n    {of} {name} = &made_{place}"
            self.after.append(f"if ({name} != NULL) finish_made(c, made_{place} != NULL);")
            self.after.append(f"if ({name} != NULL) {made}_free(made_{place});")
            kind = "OUT"
        elif name.startswith("out_"):
            declare = f"{pointee} made_{place}[64] = {{0}};\n    {of} {name} = made_{place}"
            kind = "OUT"
        elif (init := options_of(of)) is not None:
            declare = f"{pointee.removeprefix('const ')} given = {init};\n    {of} {name} = &given"
            if "const" in of:
                self.before.append("fill(&given);" if "monitor_options" in of else "(void)given;")
            kind = "OPTIONAL" if self.optional(p) else "ARRAY"
        elif name == "size" and self.function.name.endswith("_init"):
            declare += " = sizeof given"
        elif is_handle(of):
            noun = pointee.removeprefix("const ").removeprefix("duecare_")
            value = SPECIAL.get((self.function.name, name)) or f"f->{noun}"
            if name == "frame" and self.function.name in OPEN_FRAME:
                value = "f->open_frame"
            declare += f" = {value}"
            kind = "OPTIONAL_HANDLE" if self.optional(p) else "HANDLE"
            if noun == "text":
                kind = "BUFFER"
            if self.function.name == f"duecare_{noun}_free":
                self.before.append(f"if (c->at != {place}) {value} = NULL;")
        elif name in ARRAYS:
            declare += f" = {ARRAYS[name]}"
            kind = "OPTIONAL" if name in {"destroy", "user_data"} or self.optional(p) else "ARRAY"
        elif of in {"const char*", "const void*"}:
            value = SPECIAL.get((self.function.name, name)) or self.value(TEXTS, p)
            declare += f" = {value}"
            kind = "TEXT"
        elif name.endswith("length") and of == "size_t":
            text = self.function.parameters[place - 1].name
            value = LENGTHS.get((self.function.name, name)) or f"strlen({text})"
            declare += f" = {value}"
            self.before.append(f"if (c->zero == {place}) {name} = 0;")
            kind = "LENGTH"
        elif "*" in of:
            self.value({}, p)
        else:
            declare += f" = {self.value(NUMBERS, p)}"
        self.kinds.append(kind)
        self.before.insert(len([b for b in self.before if b.startswith("/*d*/")]), f"/*d*/{declare};")
        if "*" in of or of.endswith("_fn"):
            instead = "NULL" if of.endswith("_fn") else f"({of})c->instead"
            self.before.append(f"if (c->at == {place}) {name} = {instead};")

    def value(self, of: dict[str, str], p: Parameter) -> str:
        if p.name not in of:
            raise SystemExit(f"{self.function.name}: nothing to pass for `{p.type} {p.name}`")
        return of[p.name]

    def optional(self, p: Parameter) -> bool:
        return (self.function.name, p.name) in MAY_BE_NULL

    def text(self, number: int) -> str:
        f = self.function
        call = f"{f.name}({', '.join(p.name for p in f.parameters)})"
        lines = [line.removeprefix("/*d*/") for line in self.before]
        if self.is_fallible:
            asked = any(p.type == "duecare_error**" for p in f.parameters)
            lines.append(f"c->status = {call};")
            lines.append(f"finish_error(c, {'error != NULL, failure' if asked else '0, NULL'});")
        elif f.result == "void":
            lines.append(f"{call};")
        elif f.result.endswith("*"):
            lines.append(f"c->is_empty = {call} == NULL;")
        else:
            none = {"int64_t": "DUECARE_INSTANT_NONE", "duecare_verdict": "-1"}.get(f.result, "0")
            lines.append(f"c->value = (int64_t){call};")
            lines.append(f"c->is_empty = c->value == 0 || c->value == {none};")
        lines += self.after
        if any(p.name == "out_length" for p in f.parameters):
            lines.append("c->is_length_cleared = length_written == 0;")
        body = "\n    ".join(line for line in lines if line)
        head = f"static void row_{number}(struct fixture* f, struct call* c) {{"
        return f"{head}\n    (void)f, (void)c;\n    {body}\n}}\n"

    def entry(self, number: int) -> str:
        f = self.function
        kinds = ", ".join(f"KIND_{k}" for k in self.kinds)
        prepare = f"prepare_{PREPARE[f.name]}" if f.name in PREPARE else "NULL"
        again = "0" if f.name in NOT_AGAIN else "1"
        return (
            f'    {{"{f.name}", row_{number}, {prepare}, {int(self.is_fallible)}, {again}, '
            f"{len(self.kinds)}, {{{kinds or 0}}}}},"
        )


def main() -> int:
    top, into = Path(sys.argv[1]), Path(sys.argv[2])
    functions = {f.name: f for f in read_header(top / "include/duecare/duecare.h")}
    lines = (top / "capi/symbols.txt").read_text(encoding="utf-8").splitlines()
    names = [line.split()[0] for line in lines if line and not line.startswith("#")]
    functions = {name: f for name, f in functions.items() if not name.startswith(ELSEWHERE)}
    names = [name for name in names if not name.startswith(ELSEWHERE)]
    missing = sorted(set(names) ^ set(functions))
    if missing or not names:
        raise SystemExit(f"in the header or in symbols.txt alone: {', '.join(missing)}")
    rows = [Row(functions[name]) for name in names]
    text = "/* Written by prepare_calls.py. */\n" + "\n".join(r.text(i) for i, r in enumerate(rows))
    text += (
        "\nstatic const struct row k_rows[] = {\n"
        + "\n".join(r.entry(i) for i, r in enumerate(rows))
        + "\n};\n"
    )
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
