"""``duecare sample``: which files to read, and what the answers prove."""

import typer

from duecare._cli._examples import epilog
from duecare._cli._sample_draw import draw_command, extend_command, replace_command, verify_command
from duecare._cli._sample_frame import frame_command
from duecare._cli._sample_import import import_command
from duecare._cli._sample_pack import pack_command
from duecare._cli._sample_plan import plan_command
from duecare._cli._sample_review import estimate_command, review_command


def register(app: typer.Typer) -> None:
    sample = typer.Typer(
        name="sample",
        help="Draw files that nobody can have picked, and say what their reviews prove.",
        no_args_is_help=True,
        add_completion=False,
    )
    for name, command in (
        ("frame", frame_command),
        ("plan", plan_command),
        ("draw", draw_command),
        ("extend", extend_command),
        ("replace", replace_command),
        ("verify", verify_command),
        ("pack", pack_command),
        ("import", import_command),
        ("review", review_command),
        ("estimate", estimate_command),
    ):
        sample.command(name, epilog=epilog(f"sample {name}"))(command)
    app.add_typer(sample)
