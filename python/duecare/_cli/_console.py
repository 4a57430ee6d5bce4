"""Streams, messages and exit codes."""

import contextlib
import functools
import os
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn, ParamSpec, TypeVar

import typer

from duecare._errors import Error

DONE = 0
FAILED = 1
REJECTS = 3
MATCHED = 4
INTERRUPTED = 130

_P = ParamSpec("_P")
_R = TypeVar("_R")

# Characters that turn the direction of what follows: text from a record must not reorder a line of output.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Text from files as a terminal may show it: no control sequences, whatever a record contains."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        "\ufffd" if unicodedata.category(c) in {"Cc", "Cs"} or c in _DIRECTION else c for c in text
    )


def clean_lines(text: str) -> str:
    """The same for text of several lines."""
    return "\n".join(clean(line) for line in text.split("\n"))


def message(text: str) -> None:
    """Says something to the person; never part of the results."""
    sys.stderr.write(clean_lines(text) + "\n")


def fail(text: str) -> NoReturn:
    message(f"error: {text}")
    raise typer.Exit(FAILED)


def shielded(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Turns what can go wrong into a message and an exit code; a defect still shows its traceback."""

    @functools.wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:
            # Whoever read the results has gone. Python would complain again when it flushes at exit.
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(FAILED) from None
        except KeyboardInterrupt:
            message("interrupted")
            raise typer.Exit(INTERRUPTED) from None
        except Error as error:
            fail(str(error))
        except OSError as error:
            fail(f"{error.filename}: {error.strerror}" if error.filename is not None else str(error))

    return run


@contextlib.contextmanager
def output(path: str | None) -> Iterator[BinaryIO]:
    """Stdout, or a file that appears under its name only when it is complete.

    What is there and is no file, such as a pipe or ``/dev/null``, is written to as it is.
    """
    if path is None or path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path).resolve()  # a link stays, and what it leads to is written
    if target.exists() and not target.is_file():
        with Path(path).open("wb") as special:
            yield special
        return
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        error.filename = path  # of the name beside it nobody has heard
        raise
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        # mkstemp makes files for the owner alone; the result is to be as readable as any other file.
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
