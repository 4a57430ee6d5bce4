"""The Debian packages: made from the build folder, they hold what they should and ask for what the library
needs; unpacked into an empty root they are enough to build and run examples/c.

Arguments: cmake, cpack, the build folder, the top folder of the repository, the C compiler, the version, the
folder of libraries below /usr, ON if there is a static library.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from consumers_test import check_needed, check_run, run


def fields_of(package: Path) -> dict[str, str]:
    text = re.sub(r"\n ", " ", run("dpkg-deb", "--field", package))
    return dict(re.findall(r"^([\w-]+): (.*)$", text, re.M))


def need(holds: object, what: str) -> None:
    if not holds:
        raise SystemExit(what)


def check_contents(packages: list[Path], version: str, libdir: str, static: bool) -> None:
    library, development = packages
    fields = fields_of(library)
    need(fields["Package"] == "libduecare0" and fields["Version"] == f"{version}-1", str(fields))
    need(fields["Section"] == "libs" and "shared library" in fields["Description"], str(fields))
    libraries = ("zlib1g", "libzstd1", "libnettle8", "libsqlite3-0", "libssl3")
    for depends in ("libc6 (>=", "libstdc++6 (>=", *libraries):
        need(depends in fields["Depends"], f"libduecare0 does not depend on {depends}: {fields['Depends']}")
    # What a program that was linked with it depends on.
    shlibs = run("dpkg-deb", "--info", library, "shlibs")
    need(shlibs.split() == ["libduecare", "0", "libduecare0", "(>=", version + "-1)"], f"shlibs: {shlibs}")
    need(
        "ldconfig" in run("dpkg-deb", "--info", library, "postinst"), "the loader is not told of the library"
    )

    fields = fields_of(development)
    need(fields["Package"] == "libduecare-dev" and fields["Section"] == "libdevel", str(fields))
    need(fields["Depends"] == f"libduecare0 (= {version}-1)", str(fields))
    need("development files" in fields["Description"], str(fields))

    def files(package: Path) -> set[str]:
        listing = run("dpkg-deb", "--contents", package)
        need("root/root" in listing and not re.search(r"^\S+ (?!root/root)", listing, re.M), listing)
        return set(re.findall(r" \./(\S+[^/\s])(?: -> \S+)?$", listing, re.M))

    lib = f"usr/{libdir}"
    expected = {
        f"{lib}/libduecare.so.0",
        f"{lib}/libduecare.so.{version}",
        "usr/share/doc/libduecare0/copyright",
    }
    need(files(library) == expected, f"libduecare0 holds {sorted(files(library))}")
    got = files(development)
    expected = {f"usr/include/duecare/{name}" for name in ("duecare.h", "duecare.hpp", "arrow_abi.h")}
    expected |= {
        f"{lib}/libduecare.so",
        f"{lib}/pkgconfig/duecare.pc",
        "usr/share/doc/libduecare-dev/copyright",
    }
    expected |= {f"{lib}/libduecare.a"} if static else set()
    configs = {name for name in got if name.startswith(f"{lib}/cmake/duecare/duecare")}
    need(got - configs == expected, f"libduecare-dev holds {sorted(got)}")
    need(f"{lib}/cmake/duecare/duecareConfig.cmake" in configs, f"libduecare-dev holds {sorted(got)}")


def check_use(
    cmake: str, packages: list[Path], root: Path, work: Path, top: Path, cc: str, libdir: str
) -> None:
    for package in packages:
        run("dpkg-deb", "--extract", package, root)
    library = root / "usr" / libdir
    need(
        ".symtab" not in run("readelf", "--sections", "--wide", library / "libduecare.so.0"),
        "it is not stripped",
    )
    env = os.environ | {"LD_LIBRARY_PATH": str(library), "PKG_CONFIG_PATH": str(library / "pkgconfig")}
    example = top / "examples/c"

    flags = run("pkg-config", "--cflags", "--libs", "duecare", env=env).split()
    run(cc, "-std=c99", example / "audit.c", "-o", work / "audit", *flags)
    check_run(work / "audit", example, env)

    run(cmake, "-S", shutil.copytree(example, work / "c"), "-B", work / "build",
        f"-DCMAKE_PREFIX_PATH={root}/usr", f"-DCMAKE_C_COMPILER={cc}")  # fmt: skip
    run(cmake, "--build", work / "build", "--target", "audit")
    check_run(work / "build/audit", example, env)
    check_needed(work / "build/audit", shared=True)


def main() -> int:
    cmake, cpack, build, top, cc, version, libdir, static = sys.argv[1:9]
    with tempfile.TemporaryDirectory() as folder:
        made, root, work = (Path(folder) / name for name in ("made", "root", "work"))
        work.mkdir()
        # Fast compression: these are thrown away.
        run(cpack, "-G", "DEB", "--config", Path(build) / "CPackConfig.cmake", "-B", made,
            "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip")  # fmt: skip
        packages = [next(made.glob(f"{name}_*.deb")) for name in ("libduecare0", "libduecare-dev")]
        need(len(list(made.glob("*.deb"))) == 2, f"other packages were made: {list(made.glob('*.deb'))}")
        check_contents(packages, version, libdir, static == "ON")
        check_use(cmake, packages, root, work, Path(top).resolve(), cc, libdir)
    return 0


if __name__ == "__main__":
    sys.exit(main())
