"""A group of two shops on one server and one worker: each has its own schedules, inbox, ledger and till."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from infra.settings import Settings
from tests.flows.conftest import home_for, running_stack
from tests.flows.people import People, wait_for
from tests.flows.tills import Till, open_till

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(1200)]

SHOPS = """
[lyon]
shop_name = "Lyon"
currency = "EUR"
country = "FR"

[lyon.schedules.inbox]
cron = "* * * * *"

[reykjavik]
shop_name = "Reykjavík"
currency = "ISK"
country = "IS"
time_zone = "Atlantic/Reykjavik"
"""
FILE = "Number;Balance\nQZX8800811;88.81\n"


@pytest.fixture(scope="module")
def group_home() -> Iterator[Path]:
    with home_for("group") as home:
        yield home


@pytest.fixture(scope="module")
def group(group_home: Path) -> Iterator[People]:
    """A running stack of two shops, and those who use it."""
    group_home.mkdir()
    file = group_home / "shops.toml"
    file.write_text(SHOPS, encoding="utf-8")
    with running_stack(group_home, shops_file=str(file)) as people:
        yield people


def till_of(shop: str, home: Path) -> Till:
    """Return the till that runs of a shop work on when nothing else is said."""
    return open_till(Path(Settings(home=home, shop=shop).target.removeprefix("sqlite:///")))


def runs_of(shop: str, people: People) -> list[dict[str, Any]]:
    """List the runs of a shop as people at a terminal see them."""
    answer = people.type("cli", "--shop", shop, "runs", "--json")
    assert answer.returncode == 0, answer
    runs: list[dict[str, Any]] = json.loads(answer.stdout)["runs"]
    return runs


@pytest.mark.parametrize(
    ("shop", "zone", "cron"), [("lyon", "Europe/Paris", "* * * * *"), ("reykjavik", "Atlantic/Reykjavik", "30 3 * * *")]
)
def test_every_shop_has_its_own_deployments_on_its_own_clock(group: People, shop: str, zone: str, cron: str) -> None:
    inbox = group.deployment(f"inbox/inbox-{shop}")

    (schedule,) = inbox["schedules"]
    assert (schedule["schedule"]["timezone"], schedule["schedule"]["cron"]) == (zone, cron)
    assert f"shop:{shop}" in inbox["tags"]
    assert f"shop:{shop}" in group.deployment(f"gift-cards/gift-cards-{shop}")["tags"]
    assert inbox["job_variables"]["env"] == {"COUNTERFOIL_SHOP": shop}
    asked = {"flow_runs": {"deployment_id": {"any_": [inbox["id"]]}}, "sort": "EXPECTED_START_TIME_ASC"}
    runs = wait_for(lambda: [r for r in group.post("/flow_runs/filter", asked) if r["auto_scheduled"]], len)
    starts = [datetime.fromisoformat(r["expected_start_time"]).astimezone(ZoneInfo(zone)) for r in runs]
    if cron != "* * * * *":
        assert {(start.hour, start.minute) for start in starts} == {(3, 30)}


def test_a_file_of_one_shop_is_taken_by_its_schedule_and_goes_into_its_ledger_and_till_alone(
    group: People, group_home: Path
) -> None:
    lyon, reykjavik = (till_of(shop, group_home) for shop in ("lyon", "reykjavik"))
    group.drop("lyon/gift-cards/cards.csv", FILE)

    own_name = "inbox/gift-cards/cards.csv"  # as a run of that shop sees it
    [run] = wait_for(lambda: group.imports_of(own_name), len, seconds=300)
    group.see_end(run, "Applied")

    assert (lyon.balances(), reykjavik.balances()) == ({"QZX8800811": "88.81"}, {})
    [entry] = [each for each in runs_of("lyon", group) if each["flow"] == "gift-cards"]
    assert entry["outcome"] == "applied"
    assert runs_of("reykjavik", group) == []
    assert {info.key.split("/")[1] for info in group.storage.list("shops/")} == {"lyon"}

    ended = group.press_run("inbox/inbox-reykjavik")
    group.see_end(ended, "Nothing to do")
    assert (runs_of("reykjavik", group), reykjavik.balances()) == ([], {})
