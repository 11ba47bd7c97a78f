"""A command that dies at a chosen write of its own (``FATAL``), and tells which writes it passed (``PASSED``)."""

import os
from pathlib import Path

from tests.crash.boundaries import Boundaries
from tests.desk import command_with_engine
from tests.without_prefect_engine import remove_prefect_engine


def command_that_may_die(folder: str, arguments: list[str]) -> None:
    """Be the command line, without Prefect's engine, until the fatal moment."""
    remove_prefect_engine()
    fatal = os.environ.get("FATAL", "")
    Boundaries(Path(os.environ["PASSED"]), int(fatal) if fatal else None).watch()
    command_with_engine(folder, arguments)
