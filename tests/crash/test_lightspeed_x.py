"""An import into Lightspeed whose process is killed: run again nothing is done twice, and all of it can be undone."""

import random
from dataclasses import replace

import pytest

from tests.children import Ended
from tests.crash.shop import EXISTING, FILE, KILLED, Case, Shop
from tests.fakes.lightspeed_x import Lightspeed, lightspeed
from tests.without_prefect_engine import new_flow_run_id, run_id_of

AT_FIRST = [f"{number} 15.00 ACTIVE" for number in EXISTING]
THEN = sorted(
    [f"{number} {'20.00' if number in EXISTING[:12] else '15.00'} ACTIVE" for number in EXISTING]
    + [f"NEW{n:02} 10.00 ACTIVE" for n in range(1, 22)]
)
UNDONE = sorted(AT_FIRST + [f"NEW{n:02} 0.00 VOIDED" for n in range(1, 22)])
WRITING = range(64, 438)
"""The moments in which the 33 cards are written: around each call that is reserved, each intent and each outcome."""


def reaching(case: Case, fake: Lightspeed) -> Case:
    own = {"COUNTERFOIL_LIGHTSPEED_X_URL": fake.url, "COUNTERFOIL_LIGHTSPEED_X_TOKEN": "lsxs_pt_MARKER-PERSONAL"}
    return replace(case, environment={**case.environment, **own})


def import_cards(case: Case, run: str, fatal: int | None = None) -> Ended:
    wanted = {"inbox_key": FILE, "mode": "apply", "existing_cards": case.scenario, "target": "lightspeed_x"}
    return case._run("flows.gift_cards", run, wanted, fatal)


def die_run_again_and_undo(shop: Shop, fatal: int, *, same_run: bool) -> None:
    """Kill an import at a moment, run it again, and undo what both did."""
    with lightspeed(Lightspeed(registers=30)) as fake:
        for number in EXISTING:
            fake.cards.add(number, "15.00")
        case, died = reaching(shop.case("set"), fake), new_flow_run_id()
        again = died if same_run else new_flow_run_id()
        assert import_cards(case, died, fatal).code == KILLED
        assert fake.cards.shown() != THEN

        assert import_cards(case, again).out.startswith("Applied with rejects")
        assert fake.cards.shown() == THEN
        assert {len(fake.cards.kinds(number)) for number in EXISTING[:12]} == {2}, "each was added to once"

        for run in dict.fromkeys((run_id_of(again), run_id_of(died))):
            restored = case.restore(run)
            assert restored.code == 0, restored.err
        assert fake.cards.shown() == UNDONE
        case.discard()


def test_an_import_that_is_killed_halfway_is_finished_and_undone_by_its_retry(sqlite_shop: Shop) -> None:
    die_run_again_and_undo(sqlite_shop, WRITING[len(WRITING) // 2], same_run=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_an_import_that_is_killed_anywhere_is_finished_and_undone(sqlite_shop: Shop, seed: int) -> None:
    dice = random.Random(seed)

    die_run_again_and_undo(sqlite_shop, dice.choice(WRITING), same_run=dice.random() < 0.5)
