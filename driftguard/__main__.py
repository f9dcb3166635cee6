"""``python -m driftguard`` is ``driftguard``."""

from driftguard.cli.main import main

if __name__ == "__main__":
    main()
