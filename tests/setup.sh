# What the quickstart and the test run have in common; read with `.`, not run. Debian 12 with a C++ compiler and
# Python 3.11 is enough to begin with: what is missing comes from apt, with sudo unless root runs it.
# Everything that is made stands under build/. Nothing is done twice: stamps under build/stamps say what is done.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
build=$root/build
venv=$build/venv
mkdir -p "$build/logs" "$build/stamps"

say() { printf '\n== %s\n' "$*"; }

# Runs a command with its output in build/logs/NAME.log; shows the end of that only if it fails.
quietly() {
    local name=$1 log=$build/logs/$1.log
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        printf 'error: %s failed; all of it is in %s\n' "$name" "build/logs/$name.log" >&2
        return 1
    fi
}

# stamped NAME KEY COMMAND...: runs the command unless it succeeded before with this key.
stamped() {
    local stamp=$build/stamps/$1 key=$2
    shift 2
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$key" ]; then return 0; fi
    rm -f "$stamp"
    "$@"
    printf '%s' "$key" >"$stamp"
}

# One number for the content of files and folders.
digest_of() {
    find "$@" -type f ! -name '*.pyc' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then return 0; fi
    say "Installing with apt: ${missing[*]}"
    quietly apt-update as_root apt-get update
    quietly apt-install as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${missing[@]}"
}

# A Python of 3.11 or later that can make environments and compile extensions. Prints its path.
find_python() {
    local candidate
    for candidate in python3.11 python3 /usr/bin/python3; do
        if "$candidate" - 2>/dev/null <<'PY'; then
import ensurepip, os, sys, sysconfig, venv
header = os.path.join(sysconfig.get_paths()["include"], "Python.h")
sys.exit(not (sys.version_info >= (3, 11) and os.path.exists(header)))
PY
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

make_environment() {
    local python
    if ! python=$(find_python); then
        install_packages python3-venv python3-dev
        python=$(find_python) || { echo "error: no Python 3.11 or later was found" >&2; return 1; }
    fi
    [ -x "$venv/bin/python" ] || quietly venv "$python" -m venv "$venv"
    quietly pip-requirements "$venv/bin/python" -m pip install --disable-pip-version-check \
        -r tests/requirements.txt
}

install_duecare() {
    quietly pip-duecare "$venv/bin/python" -m pip install --disable-pip-version-check --no-build-isolation \
        --no-deps --force-reinstall .
    # One that was built but cannot be started is no success.
    quietly duecare-version "$venv/bin/duecare" version
}

# A locale with a decimal comma, for the tests that no answer depends on it. Made only where it is missing.
make_locale() {
    if locale -a 2>/dev/null | grep -qi '^de_DE\.utf-\?8$'; then return 0; fi
    install_packages locales
    quietly locale as_root localedef -i de_DE -f UTF-8 de_DE.UTF-8
}

# axe-core, which looks for what would keep people from using a page; for the tests of reports.
axe_version=4.14.1
axe_digest=e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
unpack_axe() {
    rm -rf "$build/axe" && mkdir -p "$build/axe" && cd "$build/axe" || return
    npm pack --silent "axe-core@$axe_version" || return
    printf '%s  axe-core-%s.tgz\n' "$axe_digest" "$axe_version" | sha256sum --check || return
    tar xzf "axe-core-$axe_version.tgz"
}
fetch_axe() {
    command -v chromium >/dev/null || install_packages chromium
    command -v npm >/dev/null || install_packages npm
    (quietly axe unpack_axe)
}

# The compiler and libraries that the build needs; then build/venv with duecare and its command in it.
prepare() {
    install_packages cmake ninja-build g++ ccache libboost1.81-dev libboost-json1.81-dev libabsl-dev nettle-dev \
        libsqlite3-dev libssl-dev zlib1g-dev libzstd-dev
    # One name of the compiler for the package and for the tests: the cache tells compilers apart by name.
    export CC=${CC:-gcc} CXX=${CXX:-g++}
    export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
    export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
    say "Preparing Python in build/venv"
    stamped environment "$(digest_of tests/requirements.txt)" make_environment
    say "Building and installing duecare into build/venv"
    local sources=(CMakeLists.txt pyproject.toml include src capi python/bindings python/duecare)
    stamped duecare "$(digest_of "${sources[@]}" tests/requirements.txt)" install_duecare
}
