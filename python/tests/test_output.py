"""Where commands write: a file that is whole or not there, and what is no file stays what it is."""

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from duecare._cli._console import output


def write(path: Path, content: bytes) -> None:
    with output(str(path)) as file:
        file.write(content)


def write_half(path: Path) -> None:
    with output(str(path)) as file:
        file.write(b"half")
        raise ValueError("half way")


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_bytes(b"before")
    with pytest.raises(ValueError, match="half way"):
        write_half(target)
    assert target.read_bytes() == b"before"
    write(target, b"after")
    assert target.read_bytes() == b"after"
    assert [p.name for p in tmp_path.iterdir()] == ["out.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write(pipe, b"through")
    reader.join(timeout=10)
    assert read == [b"through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"before")
    link.symlink_to(target)
    write(link, b"after")
    assert link.is_symlink()
    assert target.read_bytes() == b"after"


def test_a_folder_that_is_not_there_is_told_by_the_name_that_was_given(tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "out.txt"
    with pytest.raises(FileNotFoundError) as raised:
        write(target, b"")
    assert raised.value.filename == str(target)
    with pytest.raises(IsADirectoryError) as raised_too:
        write(tmp_path, b"")
    assert raised_too.value.filename == str(tmp_path)
