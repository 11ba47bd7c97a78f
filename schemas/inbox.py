"""Folders of the inbox, and files in them as a run takes them in."""

from dataclasses import dataclass

from pandera.polars import DataFrameModel

from schemas.domain import Dialect


@dataclass(frozen=True, kw_only=True)
class InboxFolder:
    """A folder of the inbox: in which dialects its files are written, and the row models that declare their columns."""

    name: str
    title: str
    dialects: tuple[Dialect, ...]
    rows: tuple[type[DataFrameModel], ...]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """An inbox file that a run took in: remembered as seen once the run has swept it."""

    key: str
    etag: str
