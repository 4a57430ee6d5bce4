"""Policies as the command line names them."""

from pathlib import Path

from duecare._errors import NotFoundError
from duecare._near import did_you_mean
from duecare._policy import DEFAULT_POLICY, Policy

__all__ = ["DEFAULT_POLICY", "load_policy"]


def load_policy(name: str) -> Policy:
    """The file of that name, else the built-in policy of that name."""
    if Path(name).exists() or Path(name).suffix or "/" in name:
        return Policy.load(name)
    known = Policy.builtin_names()
    if name in known:
        return Policy.builtin(name)
    hint = did_you_mean(name, known, f"Built-in policies: {', '.join(known)}.")
    raise NotFoundError(f"{name!r} is neither a policy file nor a built-in policy. {hint}")
