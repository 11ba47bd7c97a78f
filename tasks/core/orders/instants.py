"""Dates and times of a shop as instants: ISO-8601 in UTC, to the second."""

import polars as pl

WRITTEN = "%Y-%m-%dT%H:%M:%SZ"
_FORM = "%Y-%m-%dT%H:%M:%S"


def in_utc(utc: pl.Expr, local: pl.Expr, time_zone: str) -> pl.Expr:
    """Return the instant that *utc* says, or else *local* in the shop's *time_zone*; null where neither does.

    Of an hour that the clocks run through twice, the first is meant; one that they leave out is none.
    """
    there = _read(local).dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(_read(utc), there.dt.convert_time_zone("UTC").dt.replace_time_zone(None)).dt.strftime(WRITTEN)


def _read(text: pl.Expr) -> pl.Expr:
    return text.str.strip_suffix("Z").str.to_datetime(_FORM, strict=False)
