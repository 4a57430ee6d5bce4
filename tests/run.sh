#!/usr/bin/env bash
# Everything that has to pass, in a fresh clone as in a used one: installs what it needs, builds, and runs all
# tests. Full output of each step is in build/logs; what is shown is the end of it. Exits 1 if any step failed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
started=$SECONDS
failed=()

# step NAME LINES COMMAND...: runs it and shows the last LINES of its output, or more if it failed.
step() {
    local name=$1 lines=$2 log=$build/logs/$1.log begun=$SECONDS
    shift 2
    say "$name"
    if "$@" >"$log" 2>&1; then
        tail -n "$lines" "$log"
    else
        tail -n 120 "$log"
        failed+=("$name")
        printf 'FAILED: %s; all of it is in build/logs/%s.log\n' "$name" "$name"
    fi
    printf '(%s: %d s)\n' "$name" $((SECONDS - begun))
}

# The functions below end at the first failure by themselves: `set -e` does not reach into them.
configure_and_build() {
    cmake --preset "$1" -DPython_EXECUTABLE="$venv/bin/python" && cmake --build --preset "$1"
}

# The library under sanitizers has other symbols, and headers and installed trees do not change with them.
sanitizer_tests() {
    configure_and_build asan || return
    ctest --preset asan -E '^(capi\.(header|symbols)|install\.|conformance\.copy)'
}

format_check() {
    find include src capi python tests -name '*.[ch]pp' -o -name '*.[ch]' | LC_ALL=C sort |
        xargs clang-format --dry-run --Werror || return
    echo "clang-format: every file is formatted"
}

lint() {
    "$venv/bin/ruff" check . && "$venv/bin/ruff" format --check python
}

# The stub of the extension is checked against the extension itself.
types() {
    "$venv/bin/mypy" || return
    # Away from the sources: the installed package is looked at.
    (cd "$build" && "$venv/bin/python" -m mypy.stubtest duecare._core --ignore-disjoint-bases \
        --allowlist "$root/tests/stubtest.txt")
}

# The documentation site, in build/site; a link or a name that leads nowhere is an error.
site() {
    "$venv/bin/python" python/docs/make_pages.py || return
    "$venv/bin/python" -m mkdocs build --quiet --strict -f python/docs/mkdocs.yml || return
    echo "site: $(find build/site -name '*.html' | wc -l) pages"
}

benchmarks() {
    local bench count=0
    for bench in build/dev/tests/bench/*_bench; do
        "$bench" --benchmark_min_time=0.01 || return
        count=$((count + 1))
    done
    echo "$count benchmark programs ran"
    [ "$count" -gt 0 ]
}

prepare
install_packages libgtest-dev libbenchmark-dev clang-format clang-tidy pkg-config \
    abigail-tools dpkg-dev libsqlite3-dev libsqlcipher-dev openssl
make_locale
stamped axe "$axe_version $axe_digest" fetch_axe
step build 1 configure_and_build dev
step ctest 6 ctest --preset dev
# CI: tests that need what was fetched above fail where it is not there, and are not skipped.
step pytest 3 env CI=1 "$venv/bin/python" -m pytest -q -n 2
step ruff 3 lint
step mypy 4 types
step clang-format 1 format_check
step site 1 site
step benchmarks 1 benchmarks
step hosts 1 bash tests/hosts.sh
step sanitizers 6 sanitizer_tests

say "Closing lines"
grep -hE '^[0-9]+% tests passed|^Total Test time' build/logs/ctest.log build/logs/sanitizers.log || true
tail -n 1 build/logs/pytest.log
printf '%d min %d s in all\n' $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60))
if [ ${#failed[@]} -gt 0 ]; then
    printf 'FAILED: %s\n' "${failed[*]}"
    exit 1
fi
echo "Everything passed."
