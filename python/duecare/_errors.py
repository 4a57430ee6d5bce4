"""One tree of errors. Each kind is also the built-in kind that callers would expect."""

from collections.abc import Iterable
from typing import Any

from duecare._types import Diagnostic


class Error(Exception):
    """Anything that duecare raises on purpose.

    ``message`` is one sentence; ``str()`` adds the place. ``source`` is a file name or the id of a policy,
    ``line`` its 1-based line (0: unknown), ``pointer`` a JSON pointer into the document.
    """

    code = "INTERNAL"

    def __init__(
        self, message: str, *, pointer: str = "", source: str = "", line: int = 0, text: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer
        self.source = source
        self.line = line
        self.text = text or _with_place(message, pointer, source, line)

    def __str__(self) -> str:
        return self.text

    def __reduce__(self) -> tuple[Any, ...]:
        # By default exceptions are pickled by their positional arguments, which would lose the place.
        return _rebuild, (type(self), self.message), self.__dict__


class ArgumentError(Error, ValueError):
    """A value that was passed is not acceptable."""

    code = "INVALID_ARGUMENT"


class StateError(Error, RuntimeError):
    """The call does not fit what was called before."""

    code = "INVALID_STATE"


class NotFoundError(Error, LookupError):
    """No such case, duty, policy or zone."""

    code = "NOT_FOUND"


class PolicyError(Error, ValueError):
    """A policy that does not compile, with everything found in it."""

    code = "POLICY"

    def __init__(
        self,
        message: str,
        *,
        pointer: str = "",
        source: str = "",
        line: int = 0,
        text: str = "",
        diagnostics: Iterable[Diagnostic] = (),
    ) -> None:
        super().__init__(message, pointer=pointer, source=source, line=line, text=text)
        self.diagnostics = tuple(diagnostics)


class DataError(Error, ValueError):
    """A record that was rejected where every record has to be good."""

    code = "DATA"


class LimitError(Error, ValueError):
    """A limit that the caller set was exceeded."""

    code = "LIMIT"


class FileError(Error, OSError):
    """A file could not be read or written."""

    code = "IO"


class BusyError(Error, TimeoutError):
    """Somebody else was writing to the store for longer than the caller would wait. Nothing was changed."""

    code = "BUSY"


class CancelledError(Error):
    """The progress callback asked to stop."""

    code = "CANCELLED"


class UnsupportedError(Error, NotImplementedError):
    """This build or this version cannot do that."""

    code = "UNSUPPORTED"


class InternalError(Error, RuntimeError):
    """A defect of duecare. Please report it."""


_BY_CODE: dict[str, type[Error]] = {
    kind.code: kind
    for kind in (
        ArgumentError,
        StateError,
        NotFoundError,
        DataError,
        LimitError,
        FileError,
        BusyError,
        CancelledError,
        UnsupportedError,
    )
}


def _with_place(message: str, pointer: str, source: str, line: int) -> str:
    place = source + (f":{line}" if line else "")
    place += f" {pointer}" if place and pointer else pointer
    return f"{place}: {message}" if place else message


def _rebuild(kind: type[Error], message: str) -> Error:
    return kind(message)


def from_library(
    code: str,
    message: str,
    pointer: str,
    source: str,
    line: int,
    text: str,
    diagnostics: list[tuple[Any, ...]],
) -> BaseException:
    """The exception for an error of the library; the extension calls this."""
    if code == "OUT_OF_MEMORY":
        return MemoryError(message)
    if code == PolicyError.code:
        return PolicyError(
            message,
            pointer=pointer,
            source=source,
            line=line,
            text=text,
            diagnostics=[Diagnostic(*fields) for fields in diagnostics],
        )
    kind = _BY_CODE.get(code, InternalError)
    return kind(message, pointer=pointer, source=source, line=line, text=text)
