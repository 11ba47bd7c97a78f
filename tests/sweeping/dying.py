"""A command that dies at a chosen write of its own (``FATAL``), and tells which writes it passed (``PASSED``)."""

import os
from pathlib import Path

from tests.crash.boundaries import Boundaries
from tests.desk import command


def command_that_may_die(folder: str, arguments: list[str]) -> None:
    """Be the command line, without Prefect's engine, until the fatal moment."""
    fatal = os.environ.get("FATAL", "")
    with Boundaries(Path(os.environ["PASSED"]), int(fatal) if fatal else None).watching():
        command(folder, arguments)
