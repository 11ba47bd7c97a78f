"""Decide what would change where records are to be just as rows say."""

from infra.artifacts.run_files import load_frame
from schemas.domain import Domain, Limits
from schemas.records import Plan, Run, Snapshot, Validated
from tasks.chain.plan import Draft, finalise_plan
from tasks.chain.step import step
from tasks.core.planning.set_changes import set_changes


@step
def plan_set(run: Run, domain: Domain, validated: Validated, before: Snapshot, limits: Limits) -> Plan:
    """Compare accepted rows with what the target held a moment ago."""
    rows, records = load_frame(validated.accepted), load_frame(before.records)
    changes, unchanged = set_changes(rows, records, domain.resource, domain.holds)
    draft = Draft(changes=changes, unchanged=unchanged, options={}, file=validated.totals, concerns=validated.concerns)
    return finalise_plan(run, domain, draft, before, limits)
