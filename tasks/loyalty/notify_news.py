"""Tell what a sweep found to those who are not looking, if anything changed."""

import polars as pl

from infra.artifacts.run_files import load_frame, load_parts
from infra.catalogues import speech_in
from infra.context import ledger, settings
from schemas import file_names
from schemas.loyalty.steps import Found, Swept
from schemas.records import Receipt, Run
from tasks.chain.notify import notify
from tasks.core.loyalty.changes import failures_done
from tasks.core.loyalty.news import news_of, newsworthy


def notify_news(run: Run, swept: Swept, found: Found, receipt: Receipt | None = None) -> None:
    """Notify, once, of what is new at risk or about to expire, but for what was put right; a preview tells nobody."""
    if run.mode == "preview":
        return
    parts = zip(load_parts(swept.open), load_parts(found.diagnoses), load_parts(swept.changes), strict=True)
    rows = pl.concat([newsworthy(*part) for part in parts])
    news = news_of(
        rows,
        _put_right(run, receipt),
        day=swept.day.isoformat(),
        currency=settings().currency,
        speech=speech_in(settings().language),
    )
    if news:
        notify(run, news)


def _put_right(run: Run, receipt: Receipt | None) -> pl.Series:
    if receipt is None:
        return pl.Series(dtype=pl.String)
    wanted = load_frame(ledger().list_latest_artifacts(run.run_id)[file_names.WANTED])
    return failures_done(wanted, load_frame(receipt.outcomes))
