"""A sweep in many parts, by workers or not, tells and remembers what a sweep in one part does."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.astro import open_astro
from tests.sweeping.shop import REDEMPTIONS, UPC, Shop, open_shop, redemption, transaction

FIRST, DAY = "2026-11-20", "2026-11-21"
REMEMBERED = ("failure_key", "source", "status", "first_seen_on", "last_seen_on", "gone_on", "failure_class")
SHOWN = ("causes", "expiring", "open-by-class", "failures-by-day", "failures-by-week", "thirty-days", "today")


def answer(customer_id: str, sale: str) -> str:
    """What the till's journal has of a purchase that the report tells too."""
    asked = {"customerID": customer_id, "transactionID": sale, "item_code": UPC}
    relayed = {"at": f"{FIRST}T17:43:00", "endpoint": "addTransaction", "jsonData": asked}
    return json.dumps(relayed | {"astro_status": 700, "astro_status_message": "TransactionID already exists"}) + "\n"


def swept(shop: Shop) -> dict[str, Any]:
    """Sweep two days of a shop: twins, rows of one sale, rewards, what has gone, and sales in till and file."""
    customers = [str(number) for number in range(70, 82)]
    for customer_id in customers[:4]:
        shop.owner_with_reward(customer_id, f"19{customer_id}", email_address="jane@example.com")
    shop.sell("S-75", "75", FIRST, cents=0)
    shop.drop_sales("sales.csv", f"S-76,76,{DAY} 10:00,{UPC},Dog food,2,20.00\n")
    purchases = [transaction(each, f"S-{each}", FIRST) for each in customers[4:]]
    rewards = [redemption(each, f"19{each}", FIRST) for each in customers[:4]]
    shop.drop(f"answers-{FIRST}.jsonl", "".join(answer(each, f"S-{each}") for each in customers[4:7]))
    shop.drop(f"failures-t-{FIRST}.csv", shop.text(*purchases, purchases[0].replace("17:45", "17:59")))
    shop.drop(f"failures-r-{FIRST}.csv", REDEMPTIONS + "".join(rewards))
    shop.drop(f"failures-t-{DAY}.csv", shop.text(*purchases[1:], transaction("76", "S-99", DAY, "No Items Found")))
    relayed = shop.sweep(DAY, loyalty_apply="reward_waiting")
    report, worklist = (shop.desk.read(shop.desk.fetch(relayed["run_id"], n)) for n in ("report.json", "worklist.csv"))
    report_tables = {each["name"]: each for each in json.loads(report)["exhibits"]}
    return {
        "told": {name: relayed[name] for name in ("outcome", "rows", "changes", "concerns")},
        "remembered": sorted(shop.failures(*REMEMBERED)),
        "worklist": list(csv.reader(worklist.splitlines())),
        "exhibits": [report_tables.get(name) for name in SHOWN],
        "redeemed": sorted(call["rewardID"] for call in shop.astro.asked("addRedemption")),
    }


@pytest.mark.parametrize("workers", ["0", pytest.param("2", marks=pytest.mark.thorough)])
def test_one_failure_at_a_time_comes_to_the_same_as_all_at_once(
    shop: Shop, stack: Mapping[str, str], seeds: Path, tmp_path: Path, workers: str
):
    whole = swept(shop)
    folder = tmp_path / "other"
    folder.mkdir()
    with open_astro() as astro:
        astro.books.programs.extend(shop.astro.books.programs)
        by_parts = swept(open_shop(stack, seeds, folder, astro, {"loyalty_part_rows": "1", "dask_workers": workers}))

    assert by_parts == whole
    assert len(whole["remembered"]) == 14
