"""Decide what is to be done in Astro, and what a person should look at before it is."""

from collections.abc import Iterator, Sequence
from typing import get_args

import polars as pl

from infra.artifacts.run_files import load_parts, save_frame
from infra.connectors.sql.till_records import read_contacts
from infra.context import settings, target
from infra.databases.database import open_database
from schemas import file_names
from schemas.domain import Domain, Limits
from schemas.loyalty.records import FailureClass
from schemas.loyalty.steps import Found, Swept
from schemas.problems import FileNeedsFixing, Problem, SettingsNeedFixing
from schemas.records import Plan, Run, Snapshot
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.step import step
from tasks.core.loyalty.changes import NO_CALL, asked_concerns, decide_actions, not_proven_where_doubted, wanted_actions
from tasks.core.reading.currencies import minor_digits


@step
def plan_actions(run: Run, domain: Domain, swept: Swept, found: Found, act: str, limits: Limits) -> Plan:
    """Compare what failures ask of Astro with what it shows now.

    *act* names classes that may be put right in this run, beside those of the policy.

    Raises:
        FileNeedsFixing: A class is named that there is not.
        SettingsNeedFixing: The setting names one.
    """
    policy = classes_in(settings().loyalty_apply, "COUNTERFOIL_LOYALTY_APPLY", SettingsNeedFixing)
    asked = classes_in(act, "act")
    rows = not_proven_where_doubted(pl.concat(list(_to_act_on(swept, found))).sort("failure_key"))
    wanted = wanted_actions(rows, _contacts(rows), exponent=minor_digits(settings().currency))
    save_frame(run.run_id, file_names.WANTED, wanted)
    records = _shown(run, domain, wanted["action_key"])
    changes, unchanged = decide_actions(wanted, records, domain.resource, policy=policy, asked=asked)
    draft = Draft(
        changes=changes,
        unchanged=unchanged,
        options={"act": ",".join(asked), "policy": ",".join(policy)},
        concerns=asked_concerns(changes, policy),
    )
    before = Snapshot(records=save_frame(run.run_id, file_names.SNAPSHOT, records), totals=())
    return finalise_plan(run, domain, draft, before, limits)


def _to_act_on(swept: Swept, found: Found) -> Iterator[pl.DataFrame]:
    """Give the open failures that a call can settle, each with its diagnosis."""
    for failures, diagnosed in zip(load_parts(swept.open), load_parts(found.diagnoses), strict=True):
        acting = diagnosed.filter(~pl.col("action").is_in(NO_CALL))
        yield failures.drop("failure_class", "at_risk_cents").join(acting, on="failure_key")


def classes_in(text: str, where: str, wrong: type[Problem] = FileNeedsFixing) -> Sequence[str]:
    """Read names of classes, with commas between.

    Raises:
        Problem: One is no class; it is told to whom *wrong* is for.
    """
    named = [part.strip() for part in text.split(",") if part.strip()]
    unknown = sorted(set(named) - set(get_args(FailureClass)))
    if unknown:
        known = ", ".join(get_args(FailureClass))
        raise wrong(f"{where}: there is no class {', '.join(unknown)}. There are: {known}.")
    return sorted(set(named))


def _shown(run: Run, domain: Domain, keys: pl.Series) -> pl.DataFrame:
    """Look at the records in Astro; where nothing is wanted, Astro need not be asked."""
    return domain.records.validate(target(run.target).read(domain.resource, keys))


def _contacts(rows: pl.DataFrame) -> pl.DataFrame:
    lacking = rows.filter(pl.col("action").str.starts_with("add_contact"))
    target("sql")  # its tables are made, should this be the first time
    return read_contacts(open_database(settings().target), lacking["customer_id"])
