"""Tell what a sweep found to those who are not looking, if anything changed."""

from infra.artifacts import load_frame
from infra.settings import settings
from schemas.records import Run
from schemas.sweeps import Found, Swept
from tasks.core.sweep_news import news_of
from tasks.notify import notify


def tell_news(run: Run, swept: Swept, found: Found) -> None:
    """Notify, once, of what is new at risk or about to expire; a preview tells nobody."""
    if run.mode == "preview":
        return
    told = load_frame(found.diagnoses).select("failure_key", "action", risk="at_risk_cents")
    rows = load_frame(swept.open).drop("at_risk_cents", "warned_days").join(told, on="failure_key")
    rows = rows.rename({"risk": "at_risk_cents"})
    news = news_of(rows, load_frame(swept.changes), day=swept.day.isoformat(), currency=settings().currency)
    if news:
        notify(run, news)
