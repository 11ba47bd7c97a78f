"""Lines that tell a waiting person what goes on: on standard error, and only where a command line asked for it."""

import os
import sys

VARIABLE = "COUNTERFOIL_PROGRESS"


def announce(text: str) -> None:
    """Print a line of progress; never anything that belongs in an artifact."""
    if os.environ.get(VARIABLE) == "1":
        sys.stderr.write(f"  {text}\n")
