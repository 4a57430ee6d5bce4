"""Words and lists of them: names, values, dates.

Text between the characters CODE and END is in code font; text of the policy cannot contain them (``plain``).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from duecare._instants import date_in_words

CODE = "\x01"
END = "\x02"

# "or" inside these joins nothing.
_OR_ABOVE = re.compile(r" or (?:above|below|under|over|more|less)\b|“[^”]*”")


def plain(text: str) -> str:
    """Text of a policy without control characters."""
    return "".join("\ufffd" if unicodedata.category(c) in {"Cc", "Cs"} else c for c in str(text))


def code(text: str) -> str:
    return f"{CODE}{plain(text)}{END}"


def spoken(name: str) -> str:
    """``next_review`` as words."""
    return plain(name).replace("_", " ").replace("-", " ")


def quoted(text: str) -> str:
    return f"“{spoken(text)}”"


def valued(text: str) -> str:
    """A value: words where it is a name, else as it stands."""
    return f"“{spoken(text) if re.fullmatch('[a-z][a-z0-9_]*', text) else plain(text)}”"


def day(text: str, *, shift: int = 0) -> str:
    """``5 April 2023``, ``shift`` days on."""
    try:
        found = date.fromisoformat(text) + timedelta(days=shift)
    except (ValueError, OverflowError):
        return plain(text)
    return date_in_words(found)


def period(between: Mapping[str, str]) -> str:
    """``from 1 January 2012 to 31 December 2030``; ``until`` itself no longer belongs to it."""
    parts = [f"from {day(between['from'])}"] if "from" in between else []
    if "until" in between:
        parts.append(f"{'to' if parts else 'up to'} {day(between['until'], shift=-1)}")
    return " ".join(parts)


def listed(items: Iterable[str], word: str = "and") -> str:
    """``a, b and c``; with the comma before the last one where an item has a comma or a list itself."""
    parts = list(items)
    if len(parts) < 2:
        return "".join(parts)
    bare = [_OR_ABOVE.sub("", part) for part in parts]
    heavy = any("," in part or " and " in part or " or " in part for part in bare)
    separator = "; " if any("," in part for part in parts) and len(parts) > 2 else ", "
    last = f"{separator if heavy else ' '}{word} "
    return separator.join(parts[:-1]) + last + parts[-1]


def article(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
