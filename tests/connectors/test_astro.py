"""Astro as a target, against a server that answers as its clients saw it answer."""

from collections.abc import Iterator, Sequence

import polars as pl
import pytest

from infra.connectors.astro.api import AstroApi, Login
from infra.connectors.astro.target import Astro as AstroTarget
from infra.http.transport import Edge, Http, Site
from schemas.loyalty.actions import LOYALTY_ACTIONS, LoyaltyRecords
from schemas.problems import Declined, Unavailable
from schemas.records import BatchName
from tasks.core.loyalty.action_keys import owner_key, purchase_key, reward_key
from tasks.core.planning.changes import arranged
from tests.fakes.astro import CLIENT, PASSWORD, PREFIX, USER, Astro, open_astro
from tests.fakes.astro_books import Card, Program

RESOURCE = LOYALTY_ACTIONS.resource
BATCH = BatchName(plan_id="p", number=1, run_id="r")
UPC = "012345678905"
PURCHASE = purchase_key("P-77", "S-9001-1", sale="S-9001", amount="54.99", date="2026-11-20")
REWARD = reward_key("P-77", "1990367")
BOUGHT = {"standing": "imported", "item": UPC, "quantity": 1}
REDEEMED = {"standing": "redeemed", "item": f"i{UPC}"}


class Notes(dict[BatchName, list[str]]):
    """A journal in memory."""

    def recall(self, batch: BatchName) -> list[str] | None:
        return self.get(batch)

    def remember(self, batch: BatchName, outcomes: Sequence[str]) -> None:
        self[batch] = list(outcomes)


@pytest.fixture
def astro() -> Iterator[Astro]:
    """An Astro with one pet owner and one programme."""
    with open_astro() as astro:
        astro.books.programs.append(Program(program_id="331", title="Buy 3 get 1", items={UPC: "Dog food 2 kg"}))
        astro.books.add_owner("P-77", first_name="John", last_name="Demo", email_address="john@example.com")
        yield astro


@pytest.fixture
def target(astro: Astro) -> AstroTarget:
    return AstroTarget(api(astro), Notes())


def api(astro: Astro, **login: str) -> AstroApi:
    site = Site(name="Astro", url=f"{astro.url}{PREFIX}", attempts=3)
    who = {"user": USER, "password": PASSWORD, "client_id": CLIENT} | login
    return AstroApi(Http(site, Edge(sleep=lambda _: None)), Login(**who), clock=astro.now)


def full_card(astro: Astro) -> Card:
    bought = {"item_code": UPC, "item_description": "Dog food 2 kg", "purchase_date": "2026-11-01"}
    purchases = [bought | {"imported_transaction_id": f"S-{n}-1"} for n in range(3)]
    return astro.books.add_card("P-77", astro.books.programs[0], purchases=purchases, reward_id="1990367")


def change(key: str, before: dict[str, object] | None, after: dict[str, object] | None) -> pl.DataFrame:
    """One change, as plans hold it."""
    empty = dict.fromkeys(RESOURCE.columns, "") | {"quantity": 0}
    sides = {"before": before and empty | before, "after": after and empty | after}
    cells = {f"{c}_{side}": values[c] if values else None for side, values in sides.items() for c in RESOURCE.columns}
    kind = "update" if before and after else "create" if after else "remove"
    row = {"line": None, "kind": kind, "code": "", RESOURCE.key: key, "operation_id": None, "operation": None} | cells
    types = {name: pl.Int64 for name in cells if name.startswith("quantity")}
    return arranged(pl.DataFrame([row], schema_overrides=dict.fromkeys(row, pl.String) | types), RESOURCE)


def write(target: AstroTarget, changes: pl.DataFrame, number: int = 1) -> str:
    (outcome,) = target.write(RESOURCE, changes, BatchName(plan_id="p", number=number, run_id="r"))
    return str(outcome)


def read(target: AstroTarget, *keys: str) -> dict[str, tuple[str, str, int]]:
    held = LoyaltyRecords.validate(target.read(RESOURCE, pl.Series(keys)))
    return {row["action_key"]: (row["standing"], row["item"], row["quantity"]) for row in held.iter_rows(named=True)}


def test_records_are_what_astro_shows_and_absent_where_it_shows_nothing(astro: Astro, target: AstroTarget) -> None:
    full_card(astro)

    assert read(target, PURCHASE, REWARD, purchase_key("P-77", "S-1-1"), owner_key("P-77"), owner_key("P-78")) == {
        purchase_key("P-77", "S-1-1"): ("imported", UPC, 1),
        owner_key("P-77"): ("known", "", 0),
    }


def test_a_purchase_is_added_as_the_till_named_it(astro: Astro, target: AstroTarget) -> None:
    assert write(target, change(PURCHASE, None, BOUGHT)) == "written"

    assert astro.asked("addTransaction") == [
        {
            "customerID": "P-77",
            "transactionID": "S-9001-1",
            "saleID": "S-9001",
            "item_code": UPC,
            "item_qty": 1,
            "item_amount": "54.99",
            "item_transaction_date": "2026-11-20",
        }
    ]
    assert read(target, PURCHASE) == {PURCHASE: ("imported", UPC, 1)}


def test_what_is_there_already_is_done_and_not_asked_for(astro: Astro, target: AstroTarget) -> None:
    write(target, change(PURCHASE, None, BOUGHT))

    assert write(target, change(PURCHASE, None, BOUGHT)) == "done"
    assert write(target, change(PURCHASE, None, BOUGHT), 2) == "unchanged"
    assert len(astro.asked("addTransaction")) == 1


def test_what_someone_else_moved_is_a_conflict(astro: Astro, target: AstroTarget) -> None:
    write(target, change(PURCHASE, None, BOUGHT | {"quantity": 2}))

    assert write(target, change(PURCHASE, None, BOUGHT), 2) == "conflict"


def test_what_astro_says_no_to_is_refused_though_http_says_200(astro: Astro, target: AstroTarget) -> None:
    astro.books.programs[0].enrolled = False

    assert write(target, change(PURCHASE, None, BOUGHT)) == "refused"


def test_a_purchase_whose_answer_is_lost_is_looked_up_and_there_once(astro: Astro, target: AstroTarget) -> None:
    astro.drops = ["addTransaction"]

    assert write(target, change(PURCHASE, None, BOUGHT)) in ("written", "unchanged")
    assert read(target, PURCHASE) == {PURCHASE: ("imported", UPC, 1)}
    assert {said["transactionID"] for said in astro.asked("addTransaction")} == {"S-9001-1"}


def test_a_redemption_whose_answer_is_lost_is_looked_up_and_asked_for_once(astro: Astro, target: AstroTarget) -> None:
    full_card(astro)
    astro.drops = ["addRedemption"]

    assert write(target, change(REWARD, None, REDEEMED)) == "written"
    assert len(astro.asked("addRedemption")) == 1


def test_a_redemption_that_may_never_have_arrived_is_unknown_and_not_repeated(
    astro: Astro, target: AstroTarget
) -> None:
    full_card(astro)
    astro.loses = ["addRedemption"]

    assert write(target, change(REWARD, None, REDEEMED)) == "unknown"
    assert len(astro.asked("addRedemption")) == 1


def test_an_incomplete_redemption_is_undone_and_done_again(astro: Astro, target: AstroTarget) -> None:
    card = full_card(astro)
    card.free_item, card.redeemed_on = UPC, ""

    assert write(target, change(REWARD, REDEEMED | {"standing": "incomplete"}, REDEEMED)) == "written"
    assert [name for name, _ in astro.calls if "Redemption" in name] == ["removeRedemption", "addRedemption"]
    assert read(target, REWARD) == {REWARD: ("redeemed", f"i{UPC}", 0)}


def test_a_redemption_that_was_undone_before_we_were_cut_off_is_done_again(astro: Astro, target: AstroTarget) -> None:
    full_card(astro)
    again = change(REWARD, REDEEMED | {"standing": "incomplete"}, REDEEMED)
    cut_off = AstroTarget(api(astro), Notes({BATCH: ["unknown"]}))

    assert write(target, again, 2) == "conflict", "it was someone else who undid it"
    assert write(cut_off, again) == "written"
    assert [name for name, _ in astro.calls if "Redemption" in name] == ["addRedemption"]
    assert (recorded(cut_off, 1), read(target, REWARD)) == (["done"], {REWARD: ("redeemed", f"i{UPC}", 0)})


def test_contact_data_is_put_right_before_the_reward_is_redeemed(astro: Astro, target: AstroTarget) -> None:
    full_card(astro).program.needs = ("address",)
    street = {"standing": "known", "email": "john@example.com"}
    owner = change(owner_key("P-77"), street, street | {"address": "1 High Street", "city": "Ghent"})

    outcomes = target.write(RESOURCE, pl.concat([owner, change(REWARD, None, REDEEMED)]), BATCH)

    assert outcomes.to_list() == ["written", "written"]
    assert astro.books.owners["P-77"].contact["address"] == "1 High Street"


def recorded(target: AstroTarget, number: int) -> list[str] | None:
    then = target.outcomes(BatchName(plan_id="p", number=number, run_id="r"))
    return None if then is None else then.to_list()


def test_what_was_there_before_we_asked_is_not_told_as_ours(target: AstroTarget) -> None:
    write(target, change(PURCHASE, None, BOUGHT))
    write(target, change(PURCHASE, None, BOUGHT), 2)
    write(target, change(PURCHASE, None, BOUGHT | {"quantity": 2}), 3)

    assert [recorded(target, number) for number in (1, 2, 3, 4)] == [["done"], ["unchanged"], ["conflict"], None]


def test_what_was_begun_before_we_were_cut_off_counts_as_ours_once_astro_shows_it(
    astro: Astro, target: AstroTarget
) -> None:
    write(target, change(PURCHASE, None, BOUGHT))
    cut_off = AstroTarget(api(astro), Notes({BATCH: ["unknown"]}))

    assert recorded(cut_off, 1) == ["unknown"]
    assert write(cut_off, change(PURCHASE, None, BOUGHT)) == "written"
    assert recorded(cut_off, 1) == ["done"]


def test_a_purchase_and_a_redemption_are_taken_back(astro: Astro, target: AstroTarget) -> None:
    card = full_card(astro)
    write(target, change(PURCHASE, None, BOUGHT))
    write(target, change(REWARD, None, REDEEMED), 2)

    assert write(target, change(PURCHASE, BOUGHT, None), 3) == "written"
    assert write(target, change(REWARD, REDEEMED, None), 4) == "written"
    assert read(target, PURCHASE, REWARD) == {}
    assert (card.free_item, [name for name, _ in astro.calls if name.startswith("remove")]) == (
        "",
        ["removeTransaction", "removeRedemption"],
    )


def test_nothing_is_asked_for_that_would_leave_a_redemption_incomplete(astro: Astro, target: AstroTarget) -> None:
    full_card(astro)
    write(target, change(REWARD, None, REDEEMED))

    assert write(target, change(REWARD, REDEEMED, REDEEMED | {"standing": "incomplete"}), 2) == "refused"
    assert astro.asked("removeRedemption") == []


def test_a_token_is_used_for_thirty_minutes_and_renewed_before_they_are_over(astro: Astro) -> None:
    asking = api(astro)
    asking.ask("searchCustomer", {"phone": "1"})
    astro.later = 1700
    asking.ask("searchCustomer", {"phone": "1"})
    assert len(astro.tokens) == 1

    astro.later = 1750
    assert asking.ask("searchCustomer", {"email_address": "john@example.com"}).succeeded
    assert len(astro.tokens) == 2


def test_a_token_that_astro_has_forgotten_is_renewed_once(astro: Astro) -> None:
    asking = api(astro)
    asking.ask("searchCustomer", {"phone": "1"})
    astro.tokens.clear()

    assert asking.ask("searchCustomer", {"email_address": "john@example.com"}).succeeded


def test_a_wrong_password_is_said_so_and_not_tried_again(astro: Astro) -> None:
    with pytest.raises(Declined, match="does not accept the login"):
        api(astro, password="another").ask("searchCustomer", {"phone": "1"})
    assert astro.calls == []


def test_numbers_and_words_of_failures_are_kept_in_either_spelling(astro: Astro) -> None:
    asking = api(astro)

    said = [asking.ask("customerStatus", {"customerID": "P-99"}) for _ in range(2)]

    assert [(each.code, each.words) for each in said] == [(310, "Customer not found")] * 2
    assert asking.ask("brewTea", {"customerID": "P-77"}).code == 999, "a number nobody told us of"


def test_items_are_asked_for_many_at_once(astro: Astro) -> None:
    upcs = [UPC, *(str(n) for n in range(60))]

    (found,) = api(astro).eligible_items(upcs)

    assert found["available_programs"] == [
        {"astro_mfg_program_id": "331", "title": "Buy 3 get 1", "type": "Frequent Buyer"}
    ]
    assert len(astro.asked("eligiblePurchaseItems")) == 2


def test_an_astro_that_is_down_is_unavailable_and_nothing_is_lost(astro: Astro, target: AstroTarget) -> None:
    astro.down = True

    with pytest.raises(Unavailable):
        write(target, change(PURCHASE, None, BOUGHT))
