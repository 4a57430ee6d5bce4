"""Estimates from a sample of files, as a report shows them."""

from typing import Any

from duecare._figures._chart import Table


def _cell(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "–"}[value]
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return " to ".join(_cell(one) for one in value)
    return str(value)


def read_estimates(document: Any) -> tuple[Table, ...]:
    """``{"estimates": [{…}, …]}``: one line for each, one column for each key."""
    rows = document["estimates"] if isinstance(document, dict) else document
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise ValueError("it must hold a list `estimates` of objects")
    columns = list(dict.fromkeys(key for row in rows for key in row))
    caption = str(document.get("title") or "Estimates") if isinstance(document, dict) else "Estimates"
    return (
        Table(
            tuple(name.replace("_", " ").capitalize() for name in columns),
            tuple(tuple(_cell(row.get(name)) for name in columns) for row in rows),
            caption,
        ),
    )
