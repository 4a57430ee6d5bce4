#!/usr/bin/env bash
# Builds duecare and audits the published cases of examples/caseload. Run it from anywhere:
#
#     bash examples/quickstart.sh
#
# It installs the Debian packages that the build needs (cmake, ninja, g++, Boost, Abseil, Nettle, zlib, zstd,
# ccache; with sudo unless root runs it), makes a Python environment in build/venv, prints the findings, and
# writes them to build/quickstart/findings.jsonl and, as a page to read and print, build/quickstart/report.html.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../tests/setup.sh"
prepare

out=$build/quickstart
mkdir -p "$out"
# audit FORMAT [OPTION...]. The cases end in 2025; the instant is given so that the answer stays the same.
audit() {
    "$venv/bin/duecare" audit examples/caseload/*.jsonl --policy examples/policy.json \
        --as-of 2026-06-01T00:00:00Z --format "$@"
}
say "What the audit of examples/caseload finds"
audit table
audit jsonl --out "$out/findings.jsonl" 2>"$build/logs/quickstart.log"
"$venv/bin/duecare" report examples/caseload/*.jsonl --policy examples/policy.json \
    --as-of 2026-06-01T00:00:00Z --out "$out/report.html" 2>>"$build/logs/quickstart.log"
say "Written: build/quickstart/findings.jsonl, build/quickstart/report.html. The command: build/venv/bin/duecare"
