"""A run that has used up the calls of a system: it waits in Prefect, and goes on with what is left."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from infra.connectors.lightspeed_x.pacing import CALLS_OF_ONE_REGISTER, WINDOW
from infra.databases.database import reading
from infra.ledger.call_budgets import CallBudget
from infra.ledger.tables import LEASES
from tests.connectors.lightspeed_shop import PERSONAL
from tests.fakes.lightspeed_x import Asked, Lightspeed, lightspeed
from tests.flows.people import People, run_id, wait_for
from tests.flows.tills import Till

pytestmark = [pytest.mark.server, pytest.mark.slow]

CARDS = 40
FILE = "Number,Balance\n" + "".join(f"WAIT{n:03d},{n + 1}.50\n" for n in range(CARDS))
WRITTEN_BEFORE = 30


@pytest.fixture
def shop() -> Iterator[Lightspeed]:
    with lightspeed() as fake:
        yield fake


def test_a_run_without_calls_waits_with_its_lease_and_goes_on_with_what_is_left(
    people: People, till: Till, shop: Lightspeed
) -> None:
    budget = CallBudget(people.ledger.engine, f"lightspeed_x@{shop.url}", CALLS_OF_ONE_REGISTER, WINDOW)
    opens_at = datetime.now(UTC) + timedelta(hours=2)

    def others_use_it_up(_: Asked) -> None:
        if shop.count("POST") == WRITTEN_BEFORE:
            budget.close(opens_at)

    shop.between = others_use_it_up
    environment = {"COUNTERFOIL_LIGHTSPEED_X_URL": shop.url, "COUNTERFOIL_LIGHTSPEED_X_TOKEN": PERSONAL}
    key = people.drop("by-hand/waiting.csv", FILE)
    asked = {"inbox_key": key, "mode": "apply", "target": "lightspeed_x", "submitted_by": "Anna"}
    run = people.start("gift-cards/gift-cards", till, environment, **asked)

    waiting = wait_for(lambda: people.state(run), lambda state: state["name"] in ("Waiting", "Failed", "Applied"))
    assert (waiting["type"], waiting["name"]) == ("SCHEDULED", "Waiting"), waiting
    assert f"25 of {CARDS} written" in waiting["message"]
    assert waiting["state_details"]["scheduled_time"][:16] == opens_at.isoformat()[:16]
    assert people.entry(run).outcome == "waiting"
    written = shop.count("POST")
    assert WRITTEN_BEFORE <= written < CARDS
    with reading(people.ledger.engine) as connection:
        leases = sa.select(LEASES.c.expires_at).where(LEASES.c.run_id == run_id(run))
        assert connection.execute(leases).scalar_one() > opens_at, "nobody else writes there meanwhile"

    shop.between = None
    budget.close(datetime.now(UTC))
    people.retry(run)
    people.see_end(run, "Applied")
    assert shop.count("POST") == CARDS, "each card was issued once"
    assert people.entry(run).report.changes.created == CARDS - written  # type: ignore[union-attr]
    assert "an earlier attempt of this run wrote: " in people.entry(run).says
