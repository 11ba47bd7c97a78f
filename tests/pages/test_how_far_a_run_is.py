"""While a run works, its page says how far it has come and how long the rest takes, in the reader's language."""

from dataclasses import dataclass

from desk.prefect_runs import PrefectRuns, Standing
from infra.clock import now
from tests.children import run_child
from tests.pages.desks import OpenDesk

CARDS = "Number;Balance\nQZX1;10,00\n"


def tell_progress(run_id: str) -> None:
    """Tell Prefect how far a run has come, as its steps do."""
    from prefect.artifacts import create_progress_artifact  # noqa: PLC0415 - once the child has its settings

    said = "Changes written: 1,200 of 5,000, up to 3 min left"
    create_progress_artifact(24.0, key=f"progress-{run_id}", description=said)


def test_a_run_that_writes_says_how_far_it_has_come(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    maria.open("/shops/here/")
    maria.press("/upload", files={"file": ("cards.csv", CARDS.encode())})
    maria.press(maria.address.partition("?")[0])
    run_id = maria.address.rpartition("/")[2]
    opened.systems.ledger().start_run(
        run_id=run_id,
        domain="gift-cards",
        flow="gift-cards",
        mode="apply",
        target="sql",
        source="cards.csv",
        options={},
        submitted_by="Maria",
        now=now(),
    )
    maria.open(maria.address)
    assert "<progress" not in maria.text
    ended = run_child(tell_progress, opened.environment, opened.folder / "progress", run_id)
    assert ended.code == 0, ended
    maria.open(maria.address)
    assert '<progress max="100" value="24"' in maria.text
    assert "Changes written: 1,200 of 5,000, up to 3 min left" in maria.says
    maria.client.headers["accept-language"] = "sv"
    maria.open(maria.address)
    assert "Ändringar skrivna: 1 200 av 5 000, upp till 3 min kvar" in maria.says.replace("\N{NO-BREAK SPACE}", " ")


@dataclass(frozen=True, kw_only=True)
class SlowPrefect:
    """A Prefect that answers how a run stands when the worker is done with it, and no sooner."""

    prefect: PrefectRuns
    desk: OpenDesk

    def look(self, flow_run_id: str) -> Standing:
        self.desk.work(flow_run_id)
        return self.prefect.look(flow_run_id)


def test_a_run_that_ends_while_its_page_is_made_is_shown_with_all_it_found(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit", "approve")
    maria.open("/shops/here/")
    maria.press("/upload", files={"file": ("cards.csv", CARDS.encode())})
    maria.press(maria.address.partition("?")[0])
    prefect = opened.application.state.prefect
    opened.application.state.prefect = SlowPrefect(prefect=prefect, desk=opened)

    maria.open(maria.address)

    assert "1 new" in maria.says
    assert "QZX1" in maria.says
    assert "Confirm: write exactly this" in maria.says
