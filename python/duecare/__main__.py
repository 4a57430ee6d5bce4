"""``python -m duecare``: the command."""

from duecare._cli import main

if __name__ == "__main__":
    main()
