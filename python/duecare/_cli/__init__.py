"""The command ``duecare``. Results go to stdout, everything else to stderr.

Exit codes: 0 done; 1 error; 2 wrong usage; 3 done, but documents were rejected; 4 findings matched --fail-on;
130 interrupted.
"""

from duecare._cli._app import main

__all__ = ["main"]
