"""``duecare store sign``, ``verify``, ``backup`` and ``prune``: so that what is kept can be proved."""

import enum
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from duecare._cli._console import DONE, FAILED, clean_lines, message, output, shielded
from duecare._cli._input import read_caseload
from duecare._cli._options import MappingOption, StoreArgument
from duecare._cli._store_options import (
    AS_GIVEN,
    AtOption,
    ByOption,
    KeyOption,
    cell,
    instant_in,
    read_key,
    say_head,
)
from duecare._cli._words import count
from duecare._errors import ArgumentError
from duecare._store import Store
from duecare._store_rows import Verification


class PruneOption(enum.StrEnum):
    """What goes."""

    findings = "findings"
    histories = "histories"
    records = "records"


def _subject(row: Mapping[str, Any]) -> str:
    return f"run {row['run']}" if "run" in row else f"record {row['record']}"


def _signature_lines(found: Verification) -> list[str]:
    lines = []
    if found.signatures:
        lines.append(f"{count(found.signatures, 'signature')} fit" + ("s" if found.signatures == 1 else ""))
    if found.unchecked:
        lines.append(
            f"{count(found.unchecked, 'signature')} NOT checked: this duecare was built without OpenSSL"
        )
    lines += [
        f"  {_subject(row)} signed by {row['by']} at {row['at']}, key {row['public_key'][:16]}..."
        for row in found.signed
    ]
    for row in found.unsigned:
        others = f"; {count(row['by_others'], 'signature')} by other keys" if row["by_others"] else ""
        lines.append(f"  {_subject(row)} NOT signed by a trusted key{others}")
    return lines


@shielded
def sign_command(
    store: StoreArgument,
    private_key: Annotated[
        str,
        typer.Option(
            "--key",
            metavar="FILE",
            help="The private key, as openssl genpkey -algorithm ed25519 writes it. It is not stored.",
        ),
    ],
    by: ByOption,
    run: Annotated[int | None, typer.Option(metavar="RUN", help="The number of the run to sign.")] = None,
    record: Annotated[
        int | None, typer.Option(metavar="RECORD", help="The number of a manifest's record to sign.")
    ] = None,
    at: AtOption = None,
    key: KeyOption = None,
) -> None:
    """Sign a run or a manifest, and with it all that was stored before it."""
    if (run is None) == (record is None):
        raise ArgumentError("Say what is signed: --run with its number, or --record with that of a manifest.")
    pem = Path(private_key).read_bytes()
    with Store(store, key=read_key(key)) as kept:
        signature = kept.sign(pem, run=run, record=record, by=by, at=instant_in(kept, at, "--at"))
    message(f"record {signature.record}{'' if signature.is_new else ' was there before'}")
    say_head(signature.head)


@shielded
def verify_command(
    store: StoreArgument,
    head: Annotated[
        str | None,
        typer.Option(metavar="HEX", help="A head that was written down: the chain went through it."),
    ] = None,
    rerun: Annotated[
        int | None, typer.Option(metavar="RUN", help="Also audit --caseload again and compare with this run.")
    ] = None,
    caseload: Annotated[
        list[str] | None, typer.Option("--caseload", metavar="FILE", help="For --rerun; may be given again.")
    ] = None,
    mapping: MappingOption = None,
    trust: Annotated[
        list[str] | None,
        typer.Option(
            "--trust", metavar="FILE", help="A public key whose signatures count; may be given again."
        ),
    ] = None,
    require_signatures: Annotated[
        bool,
        typer.Option(
            "--require-signatures", help="Exit 1 unless a key of --trust signed every run and manifest."
        ),
    ] = False,
    key: KeyOption = None,
) -> None:
    """Check every digest and signature, and name what does not fit; exit 1 if anything does not."""
    if (rerun is None) != (caseload is None):
        raise ArgumentError(
            "--rerun and --caseload belong together: the run, and the files it was made from."
        )
    if require_signatures and not trust:
        raise ArgumentError(
            "--require-signatures needs --trust: anybody can make a key and sign. Give the file of each "
            "public key whose signatures count."
        )
    trusted = None if trust is None else [Path(name).read_bytes() for name in trust]
    with Store(store, read_only=True, key=read_key(key)) as kept:
        found = kept.verify(head, trusted=trusted, require_signatures=require_signatures)
        again = None
        if rerun is not None and caseload is not None:
            again = kept.verify_rerun(rerun, read_caseload(caseload, strict=False, mapping=mapping))
    # A store that nobody was asked to sign is not one that was changed.
    kinds = {fault.kind for fault in found.faults}
    state = "ok" if found.ok else "CHANGED" if kinds != {"unsigned"} else "UNSIGNED"
    if "unreadable" in kinds:
        state = "DAMAGED"
    lines = [f"{state}: {count(found.links, 'link')}, {count(found.rows, 'row')}, head {found.head}"]
    lines += [f"  {fault.message}" for fault in found.faults]
    lines += _signature_lines(found)
    if again is not None:
        lines.append(f"run {rerun} {'is the same' if again else 'is NOT the same'} when audited again")
        for name in ("policy", "caseload", "as_of", "known_at"):
            if not getattr(again, name):
                lines.append(f"  {name} differs")
        # That one finding went moves the places of all after it.
        told = [one for one in again.differences if one["field"] != "place"] or again.differences
        lines += [
            f"  {one['case_id']}  {one['duty_id']}  {one['field']}: stored {cell(one['stored'])!r}, "
            f"now {cell(one['now'])!r}"
            for one in told
        ]
    with output(None) as stream:
        stream.write(clean_lines("\n".join(lines) + "\n").encode())
    raise typer.Exit(DONE if found.ok and (again is None or again.same) else FAILED)


@shielded
def backup_command(
    store: StoreArgument,
    to: Annotated[str, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
) -> None:
    """Copy a store as it is, while others go on using it."""
    with Store(store, read_only=True) as kept:
        kept.backup(to)


class PruneFormat(enum.StrEnum):
    """How it is told what went."""

    text = "text"
    json = "json"


def _pruned_lines(gone: Mapping[str, Any], what: list[PruneOption]) -> list[str]:
    lines = []
    parts = [one.value for one in what if one is not PruneOption.records]
    if parts:
        runs = gone["runs"]
        of = f"{'run' if len(runs) == 1 else 'runs'} {', '.join(map(str, runs))}" if runs else "no run"
        lines.append(f"removed the {' and '.join(parts)} of {of}")
    if PruneOption.records in what:
        lines.append(f"removed the text of {count(gone['records'], 'record')}")
    if gone["texts"]:
        lines.append(f"removed {count(gone['texts'], 'name')} that nothing refers to any more")
    lines.append(f"record {gone['record']} says so")
    return lines


@shielded
def prune_command(
    store: StoreArgument,
    before: Annotated[
        str,
        typer.Option(
            "--before",
            metavar="TIME",
            help="Of runs that were recorded before it; a date alone: the beginning of that day.",
        ),
    ],
    what: Annotated[list[PruneOption], typer.Option("--what", help="What goes; may be given again.")],
    by: ByOption,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help=f"Why. {AS_GIVEN}")],
    at: AtOption = None,
    key: KeyOption = None,
    form: Annotated[PruneFormat, typer.Option("--format", help="How to write it.")] = PruneFormat.text,
) -> None:
    """Remove what need not be kept; digests, counts and policies stay, and the chain still verifies."""
    with Store(store, key=read_key(key)) as kept:
        gone = kept.prune(
            instant_in(kept, before, "--before", is_start=True) or before,
            [one.value for one in what],
            by=by,
            reason=reason,
            at=instant_in(kept, at, "--at"),
        )
    if form is PruneFormat.json:
        text = json.dumps(dict(gone), ensure_ascii=False)
    else:
        text = "\n".join(_pruned_lines(gone, list(dict.fromkeys(what))))
    with output(None) as stream:
        stream.write(clean_lines(f"{text}\n").encode())
    say_head(gone["head"])
