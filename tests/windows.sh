#!/usr/bin/env bash
# Cross-compiles duecare.dll, runs the C programs of tests/capi under Wine, and compares with the library of
# Linux (build/dev, as tests/run.sh builds it); see tests/install/windows_test.py. Says how long each part took.
#
#     bash tests/windows.sh
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

timed() {
    local name=$1 begun=$SECONDS
    shift
    quietly "$name" "$@"
    printf '%s (%d s)\n' "$name" $((SECONDS - begun))
}

prepare
install_packages g++-mingw-w64-x86-64-posix libz-mingw-w64-dev wine64
if [ ! -f build/dev/libduecare.so ]; then
    timed configure-dev cmake --preset dev -DPython_EXECUTABLE="$venv/bin/python"
    timed build-library cmake --build build/dev --target duecare
fi
# The compiler of the preset is that of its toolchain file. The cache takes precompiled headers only when told.
unset CC CXX
export CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_INODECACHE=true
timed configure-windows cmake --preset windows -DPython_EXECUTABLE="$venv/bin/python"
timed build-windows cmake --build --preset windows
"$venv/bin/python" tests/install/windows_test.py cmake build/windows build/dev/libduecare.so "$root"
