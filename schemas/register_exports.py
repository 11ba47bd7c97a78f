"""Registers of systems that take files: their exports, and what they show of their records after an upload."""

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl


@dataclass(frozen=True, kw_only=True)
class Shown:
    """``records`` has the key and those columns that are shown, as text.

    Where it is not *whole*, only records that changed lately are among them.
    """

    records: pl.DataFrame = field(repr=False)
    whole: bool = True


_FOLDER = "inbox/registers"
"""Where people drop them, a folder a dialect."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """A register as a system exported it, and since when it lies here. ``name`` is for messages."""

    name: str
    content: bytes
    stored_at: datetime


def folder_of(dialect: str) -> str:
    """Return where the exports in a dialect lie."""
    return f"{_FOLDER}/{dialect}/"
