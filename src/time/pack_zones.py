"""Packs a folder of TZif files into the zone bundle that duecare embeds.

    pack_zones.py --output BUNDLE [--zoneinfo FOLDER] [--print-source]

Without --zoneinfo the folder is that of the PyPI package `tzdata`, if this Python has it, else the system's.

Form of a bundle (integers are unsigned, 32 bits, little-endian, but for the digest):

    offset  size
         0     8  the ASCII characters "dczones1"
         8     4  number of zones N
        12     4  length V of the version
        16     4  length S of the names, all in one run
        20     4  length D of the TZif data
        24  16*N  for each zone, in the order of the bytes of its name: offset and length of the name in
                  the names, offset and length of its TZif file in the data. Zones with equal files share them
         …     V  the version of the data ("2026b")
         …     S  the names
         …     D  the TZif files
         …     8  FNV-1a (64 bits) of everything before, little-endian

The same folder gives the same bytes.
"""

from __future__ import annotations

import argparse
import struct
import sys
from pathlib import Path

MAGIC = b"dczones1"
SYSTEM_FOLDER = Path("/usr/share/zoneinfo")
# Not zones: other readings of the same zones, and names that stand for a machine's own setting.
OTHER_FOLDERS = {"posix", "right"}
OTHER_NAMES = {"Factory", "localtime", "posixrules"}


def find_folder() -> Path:
    """The folder of the `tzdata` package, or the system's."""
    try:
        import tzdata
    except ImportError:
        return SYSTEM_FOLDER
    return Path(tzdata.__file__).parent / "zoneinfo"


def read_version(folder: Path) -> str:
    """The version that tzdata.zi names in its first line."""
    with open(folder / "tzdata.zi", encoding="ascii") as file:
        words = file.readline().split()
    if words[:2] != ["#", "version"] or len(words) != 3:
        raise ValueError(f"{folder}/tzdata.zi: expected a first line like '# version 2026b'")
    return words[2]


def read_zones(folder: Path) -> dict[str, bytes]:
    """The TZif file of every zone and of every link to one."""
    zones = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if name.parts[0] in OTHER_FOLDERS or name.as_posix() in OTHER_NAMES or not path.is_file():
            continue
        data = path.read_bytes()
        if data.startswith(b"TZif"):
            zones[name.as_posix()] = data
    if "UTC" not in zones or "Europe/London" not in zones:
        raise ValueError(f"{folder}: expected a folder of compiled zones with UTC and Europe/London")
    return zones


def fnv1a(data: bytes) -> int:
    digest = 0xCBF29CE484222325
    for byte in data:
        digest = (digest ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return digest


def pack(zones: dict[str, bytes], version: str) -> bytes:
    names = bytearray()
    blobs = bytearray()
    entries = bytearray()
    places: dict[bytes, int] = {}
    for name in sorted(zones, key=lambda text: text.encode("ascii")):
        data = zones[name]
        if data not in places:
            places[data] = len(blobs)
            blobs += data
        entries += struct.pack("<4I", len(names), len(name), places[data], len(data))
        names += name.encode("ascii")
    header = MAGIC + struct.pack("<4I", len(zones), len(version), len(names), len(blobs))
    bundle = header + bytes(entries) + version.encode("ascii") + bytes(names) + bytes(blobs)
    return bundle + struct.pack("<Q", fnv1a(bundle))


def main() -> int:
    parser = argparse.ArgumentParser(description="Pack a folder of TZif files into one bundle.")
    parser.add_argument("--output", type=Path, help="the bundle to write")
    parser.add_argument("--zoneinfo", type=Path, help="the folder to read")
    parser.add_argument("--print-source", action="store_true", help="print the folder that would be read")
    options = parser.parse_args()
    folder = options.zoneinfo or find_folder()
    if options.print_source:
        print(folder)
    if options.output:
        try:
            bundle = pack(read_zones(folder), read_version(folder))
        except (OSError, ValueError) as error:
            print(f"pack_zones.py: {error}", file=sys.stderr)
            return 1
        options.output.write_bytes(bundle)
    return 0


if __name__ == "__main__":
    sys.exit(main())
