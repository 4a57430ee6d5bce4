#!/usr/bin/env bash
# The source distribution is all that an installation needs: it is built, installed into an environment that has
# nothing else of this repository, and the tests of Python run against that. Not part of tests/run.sh, since it
# compiles everything again. Arguments go to pytest; without any all tests of python/tests run.
set -euo pipefail
. "$(dirname "$0")/setup.sh"
export CC=${CC:-gcc} CXX=${CXX:-g++}
if command -v ccache >/dev/null; then
    export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
here=$build/sdist
rm -rf "$here"
mkdir -p "$here/dist" "$here/tree"

say "Environment"
quietly sdist-venv "$(find_python)" -m venv "$here/venv"
quietly sdist-requirements "$here/venv/bin/python" -m pip install --disable-pip-version-check -r tests/requirements.txt

say "Source distribution"
quietly sdist-build "$here/venv/bin/python" -c \
    "import sys; from scikit_build_core.build import build_sdist; print(build_sdist(sys.argv[1]))" "$here/dist"
archive=$(echo "$here"/dist/duecare-*.tar.gz)
tar tzf "$archive" | awk -F/ 'NF > 1 && $2 != "" {print $2}' | sort | uniq -c
quietly sdist-unpack tar xzf "$archive" -C "$here/tree"

say "Wheel from it"
quietly sdist-wheel "$here/venv/bin/python" -m pip wheel --disable-pip-version-check --no-build-isolation --no-deps \
    -w "$here/dist" "$here"/tree/duecare-*/
quietly sdist-install "$here/venv/bin/python" -m pip install --disable-pip-version-check --no-deps "$here"/dist/duecare-*.whl
ls -l "$here/dist"

say "Tests"
[ $# -gt 0 ] || set -- python/tests
PATH=$here/venv/bin:$PATH "$here/venv/bin/python" -m pytest -q "$@"
