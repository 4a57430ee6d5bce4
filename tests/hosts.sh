#!/usr/bin/env bash
# Builds and runs the hosts of examples/hosts against the installed library; see tests/install/hosts_test.py.
#
#     bash tests/hosts.sh [HOST...]
#
# The library is built as in tests/run.sh (build/dev). A toolchain that is already there is used as it is.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

# tool PROGRAM PACKAGE...: what to install where the program is missing.
needed=()
tool() {
    if command -v "$1" >/dev/null; then return 0; fi
    shift
    needed+=("$@")
}
tool mcs mono-mcs
tool mono mono-runtime
tool javac default-jdk-headless
tool go golang-go
tool cargo cargo
tool node nodejs
tool npm npm
tool sqlite3 sqlite3
prepare
install_packages libjna-java libsqlite3-dev pkg-config "${needed[@]}"
if [ ! -f build/dev/libduecare.so ]; then
    quietly configure-dev cmake --preset dev
    quietly build-library cmake --build build/dev --target duecare
fi
"$venv/bin/python" tests/install/hosts_test.py cmake build/dev "$root" "$@"
