"""A group of shops at the command line: each has its own runs, plans, files and register."""

from pathlib import Path
from typing import Any

import pytest

from tests.desk import Desk

GROUP = """
[lyon]
shop_name = "Lyon"
target_url = "sqlite:///{folder}/lyon.sqlite"

[geneva]
shop_name = "Genève"
currency = "CHF"
target_url = "sqlite:///{folder}/geneva.sqlite"

[geneva.limits.gift-cards]
rows = 1
"""
CARDS = """\
Number,Balance
GC1,10.00
GC2,20.00
"""


class Group:
    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.file = desk.write("shops.toml", GROUP.format(folder=folder))

    def ask(self, shop: str, *arguments: str, code: int = 0) -> dict[str, Any]:
        own = {"shops_file": str(self.desk.folder / self.file), "target_url": ""}
        return self.desk.ask("--shop", shop, *arguments, code=code, **own)


@pytest.fixture
def group(desk: Desk, tmp_path: Path) -> Group:
    return Group(desk, tmp_path)


def test_the_same_file_is_another_plan_in_another_shop_and_nothing_is_seen_of_it_there(group: Group, desk: Desk):
    desk.write("cards.csv", CARDS)
    lyon = group.ask("lyon", "run", "gift-cards", "cards.csv", "--mode", "apply")
    geneva = group.ask("geneva", "run", "gift-cards", "cards.csv", "--mode", "apply", code=3)

    assert (lyon["changes"]["created"], lyon["totals"]["after"][0]["currency"]) == (2, "EUR")
    assert [concern["code"] for concern in geneva["concerns"]] == ["LIMIT_CHANGED_ROWS"]
    assert "/shops/lyon/runs/" in lyon["artifacts"]["report.html"]
    assert "/shops/geneva/runs/" in geneva["artifacts"]["report.html"]

    assert [run["run_id"] for run in group.ask("lyon", "runs")["runs"]] == [lyon["run_id"]]
    assert "no run" in group.ask("geneva", "show", lyon["run_id"], code=2)["says"].lower()
    group.ask("lyon", "approve", geneva["plan_id"], "--by", "Maria", "--why", "another shop's", code=2)


@pytest.mark.thorough
def test_what_was_done_in_a_shop_is_undone_there(group: Group, desk: Desk):
    desk.write("cards.csv", CARDS)
    lyon = group.ask("lyon", "run", "gift-cards", "cards.csv", "--mode", "apply")
    undone = group.ask("lyon", "restore", lyon["run_id"], "--mode", "apply")
    assert undone["changes"]["removed"] == 2
    assert undone["totals"]["after"] == []


def test_a_file_is_put_into_the_inbox_of_its_shop(group: Group, desk: Desk):
    desk.write("cards.csv", CARDS)
    put = group.ask("lyon", "put", "gift-cards", "cards.csv")
    assert "inbox" in str(put)
    assert [info.key for info in desk.storage.list("inbox/lyon/gift-cards/")] == ["inbox/lyon/gift-cards/cards.csv"]


def test_a_command_that_names_no_shop_says_which_there_are(group: Group, desk: Desk):
    own = {"shops_file": str(desk.folder / group.file), "target_url": ""}
    answer = desk.ask("runs", code=2, **own)
    assert "--shop lyon or --shop geneva" in answer["says"]
    shops = desk.ask("shops", "check", **own)["shops"]
    assert {name: shop["currency"] for name, shop in shops.items()} == {"lyon": "EUR", "geneva": "CHF"}
