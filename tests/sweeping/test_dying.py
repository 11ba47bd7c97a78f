"""A sweep that dies at any of its writes, and is run again: nothing is lost, and nothing is done twice in Astro."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.children import Ended
from tests.examples import spread
from tests.fakes.astro import open_astro
from tests.fakes.astro_books import Program
from tests.sweeping.dying import command_that_may_die
from tests.sweeping.shop import UPC, Shop, open_shop, transaction
from tests.without_prefect_engine import new_flow_run_id, run_id_of

DAY = "2026-11-20"
KILLED = -9
POLICY = {"loyalty_apply": "purchase_missing", "notify_addresses": "owner@example.com"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A shop of its own with two failures: one that Astro can be asked to put right, one for people."""

    shop: Shop
    file: str

    def sweep(self, flow_run: str, fatal: int | None = None, day: str = DAY) -> Ended:
        """Sweep in one process, which dies at a moment."""
        return self._type(flow_run, fatal, "run", "loyalty", self.file, "--mode", "apply", "--day", day)

    def restore(self, flow_run: str, run: str, fatal: int | None = None) -> Ended:
        """Take back what a run did, in one process, which dies at a moment."""
        return self._type(flow_run, fatal, "restore", run, "--mode", "apply", "--by", "Maria")

    def _type(self, flow_run: str, fatal: int | None, *words: str) -> Ended:
        desk = self.shop.desk
        variables = {"FLOW_RUN_ID": flow_run, "FATAL": "" if fatal is None else str(fatal)}
        variables["PASSED"] = str(desk.folder / f"passed-{fatal}")
        desk = replace(desk, environment={**desk.environment, **variables})
        return desk.type(*words, be=command_that_may_die, alone=fatal is not None)

    def moments(self) -> list[str]:
        """Name the moments that a clean sweep passed."""
        return (self.shop.desk.folder / "passed-None").read_text().splitlines()

    def see_it_is_right(self) -> None:
        """See that both failures are remembered as they should be, and what was missing is there once."""
        mine, other = self.shop.failures("customer_id", "status", "failure_class")
        assert mine == ("77", "resolved", "purchase_missing")
        assert other == ("78", "open", "customer_unknown")
        cards = self.shop.astro.books.owners["77"].cards
        assert [p["imported_transaction_id"] for card in cards for p in card.purchases].count("S-9001") == 1


def open_case(stack: Mapping[str, str], seeds: Path, folder: Path, astro) -> Case:
    folder.mkdir()
    astro.books.programs.append(Program(program_id="331", title="Buy 3 get 1", items={UPC: "Dog food 2 kg"}))
    shop = open_shop(stack, seeds, folder, astro, POLICY)
    shop.owner_with_reward("77", "1990367")
    shop.sell("S-9001", "77", DAY)
    return Case(shop=shop, file=shop.report(DAY, transaction("77", "S-9001", DAY), transaction("78", "S-9002", DAY)))


def die_and_run_again(stack, seeds, folder: Path, fatal: int, *, same_run: bool) -> None:
    with open_astro() as astro:
        case, died = open_case(stack, seeds, folder, astro), new_flow_run_id()
        assert case.sweep(died, fatal).code == KILLED
        ended = case.sweep(died if same_run else new_flow_run_id())
        assert ended.code == 0, ended
        case.see_it_is_right()


@pytest.fixture(scope="module")
def moments(stack: Mapping[str, str], seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The moments of a sweep that nothing befalls."""
    with open_astro() as astro:
        case = open_case(stack, seeds, tmp_path_factory.mktemp("clean") / "shop", astro)
        ended = case.sweep(new_flow_run_id())
        assert ended.code == 0, ended
        case.see_it_is_right()
        return case.moments()


@pytest.mark.thorough
def test_dying_at_the_first_a_middle_or_the_last_moment_leaves_everything_right(
    stack, seeds, tmp_path: Path, moments: list[str]
):
    for nth, fatal in enumerate(spread(range(len(moments)))):
        die_and_run_again(stack, seeds, tmp_path / str(fatal), fatal, same_run=bool(nth % 2))


@pytest.mark.thorough
def test_dying_at_moments_all_along_leaves_everything_right(stack, seeds, tmp_path: Path, moments: list[str]):
    for nth, fatal in enumerate(range(0, len(moments), max(1, len(moments) // 6))):
        die_and_run_again(stack, seeds, tmp_path / str(fatal), fatal, same_run=bool(nth % 2))


@pytest.mark.parametrize("same_run", [True, False], ids=["retried", "another run"])
def test_what_astro_did_before_the_run_was_cut_off_counts_as_done_by_it(
    stack, seeds, tmp_path: Path, moments: list[str], same_run
):
    stored = next(n for n, moment in enumerate(moments) if moment.startswith("before put") and "/outcomes" in moment)
    answered = max(n for n, moment in enumerate(moments[:stored]) if moment == "before commit")
    with open_astro() as astro:
        case, died = open_case(stack, seeds, tmp_path / "shop", astro), new_flow_run_id()
        assert case.sweep(died, answered).code == KILLED
        assert len(astro.asked("addTransaction")) == 1, "Astro did it"
        assert {status for (status,) in case.shop.failures("status")} == {"open"}, "and we do not know"

        assert case.sweep(died if same_run else new_flow_run_id()).code == 0

        case.see_it_is_right()
        assert case.shop.failures("decision", "decided_by")[0] == ("done", f"run {run_id_of(died)}")


@pytest.mark.thorough
@pytest.mark.parametrize("same_run", [True, False], ids=["retried", "a sweep"])
def test_what_was_taken_back_before_a_restore_was_cut_off_is_open_again(stack, seeds, tmp_path: Path, same_run):
    with open_astro() as astro:
        case, swept, first = open_case(stack, seeds, tmp_path / "shop", astro), new_flow_run_id(), new_flow_run_id()
        assert case.sweep(swept).code == 0
        assert case.restore(first, run_id_of(swept), fatal=10_000).code == 0
        passed = (case.shop.desk.folder / "passed-10000").read_text().splitlines()
        stored = next(n for n, moment in enumerate(passed) if moment.startswith("before put") and "/outcomes" in moment)
    with open_astro() as astro:
        case, swept, died = open_case(stack, seeds, tmp_path / "other", astro), new_flow_run_id(), new_flow_run_id()
        assert case.sweep(swept).code == 0
        assert case.restore(died, run_id_of(swept), fatal=stored).code == KILLED
        assert len(astro.asked("removeTransaction")) == 1, "Astro did it"
        assert case.shop.failures("status")[0] == ("resolved",), "and nobody knows"

        ended = case.restore(died, run_id_of(swept)) if same_run else case.sweep(new_flow_run_id(), day="2026-11-21")

        assert ended.code == 0, ended
        assert case.shop.failures("status", "decision")[0] == ("open", "wrong")
        assert len(astro.asked("addTransaction")) == 1, "and no policy does it again"


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_dying_at_every_third_moment_leaves_everything_right(stack, seeds, tmp_path: Path, moments: list[str]):
    for fatal in range(0, len(moments), 3):
        die_and_run_again(stack, seeds, tmp_path / str(fatal), fatal, same_run=bool(fatal % 2))
