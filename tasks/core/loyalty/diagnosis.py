"""What a failure is, how we know and what is to be done: failures and evidence -> Diagnoses.

The decision itself is a table, ``rules``; this looks each failure up in it and fills in the words.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from schemas.loyalty.records import Diagnoses, Section
from tasks.core.loyalty.advice import ADVICE
from tasks.core.loyalty.facts import REDEMPTION_FACTS, TRANSACTION_FACTS, item_to_redeem, missing_milli, with_facts
from tasks.core.loyalty.reason_texts import filled, with_words
from tasks.core.loyalty.rules import first_rule

_KEY = "failure_key"
_FACTS: Mapping[Section, tuple[str, ...]] = {"redemption": REDEMPTION_FACTS, "transaction": TRANSACTION_FACTS}
_DIAGNOSES = tuple(Diagnoses.to_schema().columns)
HARMLESS = ("redeemed", "in_no_programme", "duplicate", "free_good", "not_bought", "recorded_too_often", "same_sale")
"""Nothing is lost when these expire, so no money is at risk. That is not to say that there is nothing to do about them:
of what was recorded too often, or is settled with another row of its sale, a person looks at the card, and the rules
give them no *hide*."""
_OUTCOME = {"failure_class": pl.String, "action": pl.String, "proven": pl.Boolean, "advice": pl.String}

NO_KEYS = pl.Series([], dtype=pl.String)


def decide(failures: pl.DataFrame, evidence: pl.DataFrame, day: date) -> pl.DataFrame:
    """Diagnose *failures* (FailureStates, those that are open) by the *evidence* of *day* about them.

    Of a failure that the evidence does not name, nothing is known. Failures of one customer must come together,
    for those of one reward or one sale are settled together. What was written about a failure of another part is
    heeded by ``as_enrolled`` first.
    """
    undecided = failures.drop("failure_class", "at_risk_cents")
    known = failures.select(_KEY).join(evidence, on=_KEY, how="left", maintain_order="left")
    heeded = as_enrolled(known, enrolments(failures, known), failures.filter(decision="enrolled")[_KEY])
    rows = with_facts(undecided.join(heeded, on=_KEY, maintain_order="left"), day)
    decided = pl.concat([_looked_up(rows.filter(section=section), section) for section in _FACTS])
    worded = _advised(with_words(decided.with_columns(adding_milli=missing_milli())))
    ordered = failures.select(_KEY).join(_diagnoses(worded), on=_KEY, how="left", maintain_order="left")
    return Diagnoses.validate(ordered)


def enrolments(failures: pl.DataFrame, evidence: pl.DataFrame) -> pl.Series:
    """Return the programmes of which a person wrote, about one failure, that the shop has joined them."""
    written = evidence.join(failures.filter(decision="enrolled").select(_KEY), on=_KEY, how="semi")
    return written.filter(pl.col("programme").fill_null("") != "")["programme"].unique().sort()


def as_enrolled(evidence: pl.DataFrame, programmes: pl.Series, keys: pl.Series = NO_KEYS) -> pl.DataFrame:
    """Take what a person wrote for a fact: about whole *programmes*, and about the failures of these *keys*."""
    joined = pl.col(_KEY).is_in(keys.implode()) | pl.col("programme").is_in(programmes.implode())
    return evidence.with_columns(enrolled=pl.when(joined).then(pl.lit(value=True)).otherwise("enrolled"))


def _looked_up(rows: pl.DataFrame, section: Section) -> pl.DataFrame:
    """Look up each combination of facts once: there are few, however many failures."""
    facts = rows.select(pl.col("facts").struct.field(*_FACTS[section]))
    met = facts.unique(maintain_order=True)
    found = pl.DataFrame([_outcome(section, each) for each in met.iter_rows(named=True)], schema=_OUTCOME)
    outcomes = facts.join(met.hstack(found), on=facts.columns, how="left", maintain_order="left")
    return rows.drop("facts").hstack(outcomes.select(*_OUTCOME))


def _outcome(section: Section, facts: Mapping[str, str]) -> dict[str, object]:
    rule = first_rule(section, facts)
    proven = rule.proven == "yes" or (rule.proven == "sure" and facts["sure"] == "yes")
    return {
        "failure_class": rule.failure_class,
        "action": rule.action,
        "proven": proven,
        "advice": rule.advice,
    }


def _advised(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``proof``, ``steps`` and ``who``, one piece of advice at a time."""
    parts = [rows.filter(advice=name).with_columns(**_advice_columns(name)) for name in rows["advice"].unique()]
    return pl.concat(parts) if parts else rows.with_columns(**_advice_columns(next(iter(ADVICE))))


def _advice_columns(name: str) -> dict[str, pl.Expr]:
    advice = ADVICE[name]
    return {"proof": filled(advice.proof), "steps": filled("\n".join(advice.steps)), "who": pl.lit(advice.who)}


def _diagnoses(rows: pl.DataFrame) -> pl.DataFrame:
    redeems = (pl.col("section") == "redemption") & ~pl.col("action").is_in(["worklist", "hide"])
    adds = pl.col("failure_class").is_in(["purchase_missing", "rerun"])
    return rows.with_columns(
        item_id=pl.when(redeems).then(item_to_redeem()).otherwise(pl.lit("")),
        missing_milli=pl.when(adds).then("adding_milli"),
        at_risk_cents=_at_risk(),
        cause=_cause(),
        deadline_at="expires_at",
    ).select(_DIAGNOSES)


def _at_risk() -> pl.Expr:
    """Return the money that is lost; of a purchase, of as many as are missing."""
    value = pl.coalesce("value_cents", "amount_cents")
    part = pl.when(pl.col("due_milli") > 0).then(value * pl.col("adding_milli") // pl.col("due_milli"))
    missing = pl.when(pl.col("failure_class").is_in(["purchase_missing", "rerun"])).then(part)
    harmless = pl.when(pl.col("failure_class").is_in(HARMLESS)).then(pl.lit(0, pl.Int64))
    return pl.coalesce(harmless, missing, value)


def _cause() -> pl.Expr:
    """Name what one cure settles for all who share it."""
    names = [pl.when(pl.col(name) != "").then(name) for name in ("programme", "program")]
    programme = pl.format("programme {}", pl.coalesce(names))
    of_customer = pl.col("failure_class").is_in(["customer_unknown", "contact_missing"])
    of_programme = pl.col("failure_class").is_in(["not_enrolled", "rerun"]) | (pl.col("section") == "redemption")
    item = pl.when(pl.col("upc") != "").then(pl.format("UPC {}", "upc"))
    return (
        pl.when(of_customer)
        .then(pl.format("customer {}", pl.when(pl.col("customer_id") != "").then("customer_id").otherwise(pl.lit("?"))))
        .otherwise(pl.coalesce(pl.when(of_programme).then(programme), item, pl.lit("unknown programme")))
    )
