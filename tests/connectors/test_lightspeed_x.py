"""Gift cards of Lightspeed Retail, beside what the contract suite says of every target."""

import json
from datetime import timedelta
from typing import Any

import pytest

from infra.connectors.lightspeed_x.gift_cards import FINAL, MOVED, GiftCards
from infra.http.transport import Edge
from infra.lightspeed_x import lightspeed_gift_cards
from infra.settings import Settings
from schemas.capabilities import CallWindow
from schemas.gift_cards import EXPIRING_CARDS
from schemas.problems import Declined, Refused, Unavailable
from schemas.records import BatchName, Total
from tests.connectors.drawn import CARDS, batch, changes, held, write
from tests.connectors.lightspeed_shop import PERSONAL, Shop
from tests.fakes.lightspeed_x import Asked, Trouble

TRANSACTIONS = "transactions$"
ISSUE = "kind | number | before | after\ncreate | GC1 | null | EUR 1050 ACTIVE"
ADD = "kind | number | before | after\nupdate | GC1 | EUR 1000 ACTIVE | EUR 1500 ACTIVE"
TAKE = "kind | number | before | after\nupdate | GC1 | EUR 1000 ACTIVE | EUR 250 ACTIVE"
VOID = "kind | number | before | after\nremove | GC1 | EUR 1000 ACTIVE | null"
LOST = ["error after", "drop after", "truncated", "reset"]
NOTHING_DONE = ["error", "drop", "busy"]


def answer(target: GiftCards, drawn: str, name: BatchName) -> tuple[str, tuple[str, ...]]:
    (outcome,) = target.write(CARDS, changes(drawn), name)
    return outcome, target.reasons(name)


def test_a_new_card_is_one_call_with_its_amount_as_text(shop: Shop) -> None:
    assert write(shop.connect(), ISSUE) == ["written"]

    (asked,) = shop.fake.asked
    assert (asked.method, asked.path) == ("POST", "/api/2026-07/gift_cards")
    assert json.loads(asked.body) == {"number": "GC1", "amount": "10.50"}
    assert asked.headers["User-Agent"] == "Counterfoil"


def test_a_currency_without_cents_has_no_decimals_on_the_way_out(shop: Shop) -> None:
    target = shop.connect(currency="JPY")

    write(target, "kind | number | before | after\ncreate | GC1 | null | JPY 1500 ACTIVE")

    assert json.loads(shop.fake.asked[0].body)["amount"] == "1500"
    assert held(target) == ["GC1 JPY 1500 ACTIVE"]


def test_changes_are_booked_on_the_user_of_the_settings(shop: Shop) -> None:
    write(shop.connect(lightspeed_x_user="u-7"), ISSUE)

    assert shop.fake.cards.find("GC1")["gift_card_transactions"][0]["user_id"] == "u-7"


@pytest.mark.parametrize(
    ("there", "status", "outcome"),
    [("10.50", "ACTIVE", "unchanged"), ("10.51", "ACTIVE", "conflict"), ("10.50", "EXPIRED", "conflict")],
)
def test_a_number_that_is_taken_is_compared(shop: Shop, there: str, status: str, outcome: str) -> None:
    shop.fake.cards.add("GC1", there, status)

    assert answer(shop.connect(), ISSUE, batch()) == (outcome, ())
    assert shop.fake.cards.shown() == [f"GC1 {there} {status}"]


def test_the_number_of_a_voided_card_cannot_be_used_again(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "0", "VOIDED")

    outcome, reasons = answer(shop.connect(), ISSUE, batch())

    assert (outcome, FINAL in reasons) == ("conflict", True)


def test_a_balance_moves_by_the_difference_under_a_key_that_names_no_card(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.00")
    target = shop.connect()

    assert write(target, ADD) == ["written"]
    assert write(target, ADD.replace("1000", "1500").replace("EUR 1500 ACTIVE\n", "")) == ["unchanged"]

    assert shop.fake.cards.kinds("GC1") == ["ACTIVATION 10.00", "RELOADING 5.00"]
    (sent,) = [json.loads(each.body) for each in shop.fake.asked if each.method == "POST"]
    assert "gc1" not in sent["client_id"].lower()
    assert len(sent["client_id"]) <= 36


def test_what_is_taken_off_is_a_redemption(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.00")

    assert write(shop.connect(), TAKE) == ["written"]
    assert shop.fake.cards.kinds("GC1") == ["ACTIVATION 10.00", "REDEEMING -7.50"]


def test_a_spent_card_counts_as_active_with_nothing_on_it_and_can_be_topped_up(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.00")
    shop.fake.cards.spend("GC1", "10.00")
    target = shop.connect()

    assert held(target) == ["GC1 EUR 0 ACTIVE"]
    assert write(target, "kind | number | before | after\nupdate | GC1 | EUR 0 ACTIVE | EUR 500 ACTIVE") == ["written"]
    assert shop.fake.cards.shown() == ["GC1 5.00 ACTIVE"]


def test_a_removed_card_is_voided_and_counts_as_gone(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.00")
    target = shop.connect()

    assert [write(target, VOID), write(target, VOID)] == [["written"], ["unchanged"]]
    assert (shop.fake.cards.shown(), held(target), target.totals(CARDS)) == (["GC1 0.00 VOIDED"], [], ())


def test_a_card_with_nothing_on_it_cannot_be_voided_and_people_are_told(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "0")

    outcome, reasons = answer(shop.connect(), VOID.replace("1000", "0"), batch())

    assert outcome == "refused"
    assert reasons == ("Lightspeed refused the end of a gift card (422). It says: Gift card ... has nothing to void",)


@pytest.mark.parametrize("after", ["SEK 1500 ACTIVE", "EUR 1000 EXPIRED"])
def test_what_nothing_leads_to_is_refused_and_not_asked_for(shop: Shop, after: str) -> None:
    shop.fake.cards.add("GC1", "10.00")

    assert write(shop.connect(), ADD.replace("EUR 1500 ACTIVE", after)) == ["refused"]
    assert shop.fake.count("POST") == 0


def test_totals_count_what_can_be_used(shop: Shop) -> None:
    for number, amount, status in (("A", "3.00", "ACTIVE"), ("B", "5.00", "EXPIRED"), ("C", "0.01", "ACTIVE")):
        shop.fake.cards.add(number, amount, status)

    assert shop.connect().totals(CARDS) == (Total(currency="EUR", count=2, sum_cents=301),)


def test_all_pages_are_read_however_short_they_come(shop: Shop) -> None:
    shop.fake.cards.page_rows = 3
    for number in range(10):
        shop.fake.cards.add(f"GC{number}", "1.00")

    assert len(held(shop.connect())) == 10
    assert shop.fake.count("GET") == 5, "four pages and an empty one"


# between look and write


def at_the_till(shop: Shop, amount: str) -> None:
    """Let a customer pay with GC1 just before our request for it is carried out."""

    def pay(asked: Asked) -> None:
        if asked.path.endswith("/transactions"):
            shop.fake.between = None
            shop.fake.cards.spend("GC1", amount)

    shop.fake.between = pay


def test_what_a_till_takes_between_look_and_write_stays_taken_and_people_are_told(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.00")
    at_the_till(shop, "2.00")

    assert answer(shop.connect(), ADD, batch()) == ("written", (MOVED,))
    assert shop.fake.cards.shown() == ["GC1 13.00 ACTIVE"]


def test_what_a_till_leaves_too_little_for_is_a_conflict(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.00")
    at_the_till(shop, "9.00")

    outcome, reasons = answer(shop.connect(), TAKE, batch())

    assert outcome == "conflict"
    assert reasons == (
        "Lightspeed refused an amount on a gift card (422). It says: Insufficient balance on gift card ... of ...",
    )
    assert shop.fake.cards.shown() == ["GC1 1.00 ACTIVE"]


def test_a_card_that_moved_before_the_look_is_a_conflict_and_nothing_is_sent(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "9.99")

    assert write(shop.connect(), ADD) == ["conflict"]
    assert shop.fake.count("POST") == 0


# answers that are lost


@pytest.mark.thorough
@pytest.mark.parametrize("kind", [*LOST, *NOTHING_DONE])
@pytest.mark.parametrize(("drawn", "then"), [(ISSUE, "10.50 ACTIVE"), (ADD, "15.00 ACTIVE"), (VOID, "0.00 VOIDED")])
def test_a_lost_answer_is_looked_up_and_the_change_made_once(shop: Shop, kind: Any, drawn: str, then: str) -> None:
    if drawn != ISSUE:
        shop.fake.cards.add("GC1", "10.00")
    shop.fake.trouble = [Trouble(kind, method="POST|DELETE")]
    target, name = shop.connect(), batch()

    first, _ = answer(target, drawn, name)
    again, _ = answer(target, drawn, name)

    assert (first, again) == ("written", "done")
    assert shop.fake.cards.shown() == [f"GC1 {then}"]
    assert len(shop.fake.cards.kinds("GC1")) == (1 if drawn == ISSUE else 2)


@pytest.mark.thorough
@pytest.mark.parametrize("skew", [timedelta(hours=-3), timedelta(hours=3)])
@pytest.mark.parametrize("drawn", [ISSUE, VOID])
def test_a_change_without_a_key_is_known_as_ours_though_our_clock_is_wrong(
    shop: Shop, drawn: str, skew: timedelta
) -> None:
    shop.fake.skew = skew
    if drawn == VOID:
        shop.fake.cards.add("GC1", "10.00")
    shop.fake.trouble = [Trouble("drop after", method="POST|DELETE")]
    target = shop.connect()
    target.totals(CARDS)

    assert write(target, drawn) == ["written"]


@pytest.mark.thorough
@pytest.mark.parametrize("drawn", [ISSUE, ADD, VOID])
def test_what_is_nowhere_after_two_lost_requests_is_unknown_and_settled_later(shop: Shop, drawn: str) -> None:
    if drawn != ISSUE:
        shop.fake.cards.add("GC1", "10.00")
    before = shop.fake.cards.shown()
    shop.fake.trouble = [Trouble("drop", method="POST|DELETE", times=2)]
    target, name = shop.connect(), batch()

    assert answer(target, drawn, name)[0] == "unknown"
    assert (told(target, name), shop.fake.cards.shown()) == (["unknown"], before)
    assert answer(shop.connect(), drawn, name)[0] == "written"
    assert told(target, name) == ["done"]


def told(target: GiftCards, name: BatchName) -> list[str] | None:
    then = target.outcomes(name)
    return None if then is None else then.to_list()


def test_a_request_that_arrives_after_it_was_given_up_is_not_made_twice_by_the_next_plan(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.00")
    shop.fake.trouble = [Trouble("drop", method="POST", times=2)]
    write(shop.connect(), ADD)
    late = next(json.loads(each.body) for each in shop.fake.asked if each.method == "POST")

    def arrive(asked: Asked) -> None:
        if asked.method == "POST":
            shop.fake.cards.transact("GC1", late["type"], late["amount"], late["client_id"])

    shop.fake.between = arrive

    assert write(shop.connect(), ADD) == ["written"]
    assert shop.fake.cards.shown() == ["GC1 15.00 ACTIVE"]


def test_a_card_that_was_issued_after_we_gave_up_is_ours_though_the_next_plan_finds_it_taken(shop: Shop) -> None:
    shop.fake.trouble = [Trouble("drop", method="POST", times=2)]
    write(shop.connect(), ISSUE)
    shop.fake.cards.add("GC1", "10.50")

    assert write(shop.connect(), ISSUE) == ["written"]


def test_a_request_that_may_be_on_its_way_is_not_forgotten_when_the_next_cannot_leave(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.00")
    shop.fake.trouble = [Trouble("drop", method="POST", times=2)]
    target, name = shop.connect(), batch()
    answer(target, ADD, name)
    late = next(json.loads(each.body) for each in shop.fake.asked if each.method == "POST")
    shop.fake.trouble = [Trouble("busy", method="POST", times=9)]
    with pytest.raises(Unavailable):
        answer(target, ADD, name)
    shop.fake.trouble = []
    shop.fake.cards.transact("GC1", late["type"], late["amount"], late["client_id"])

    assert answer(shop.connect(), ADD, name)[0] == "written"
    assert shop.fake.cards.shown() == ["GC1 15.00 ACTIVE"]


def test_an_end_that_cannot_be_looked_up_leaves_the_line_open_and_the_next_list_settles_it(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.00")
    target, name = shop.connect(), batch()

    def go_down(asked: Asked) -> None:
        if asked.method == "POST":
            shop.fake.trouble = [Trouble("drop after", method="POST"), Trouble("error", path="by_number", times=99)]

    shop.fake.between = go_down
    with pytest.raises(Unavailable):
        answer(target, ADD, name)
    shop.fake.trouble = []

    assert told(shop.connect(), name) == ["done"]


@pytest.mark.parametrize("kind", ["late", "drip"])
def test_an_answer_that_comes_too_late_or_for_ever_is_looked_up(shop: Shop, kind: Any) -> None:
    shop.fake.cards.add("GC1", "10.00")
    shop.fake.trouble = [Trouble(kind, method="POST")]
    edge = Edge(now=shop.clock.now, sleep=lambda _: None)  # here time passes by itself
    chosen = Settings(lightspeed_x_url=shop.fake.url, lightspeed_x_token=PERSONAL, lightspeed_x_timeout_seconds=0.3)

    assert write(lightspeed_gift_cards(chosen, shop.ledger, edge=edge), ADD) == ["written"]
    assert shop.fake.cards.kinds("GC1") == ["ACTIVATION 10.00", "RELOADING 5.00"]


# who may


@pytest.mark.parametrize(
    ("lacking", "drawn"),
    [("gift_cards:write:issue", ISSUE), ("gift_cards:write:redeem", ADD), ("gift_cards:read", ADD)],
)
def test_a_missing_permission_is_named_and_the_run_stops(shop: Shop, lacking: str, drawn: str) -> None:
    shop.fake.cards.add("GC1" if drawn == ADD else "GC2", "10.00")
    scopes, until = shop.fake.login.tokens[PERSONAL]
    shop.fake.login.tokens[PERSONAL] = (scopes.replace(lacking, ""), until)

    with pytest.raises(Declined, match=f"needs the permission {lacking}"):
        write(shop.connect(), drawn)


def test_a_token_that_was_withdrawn_is_named(shop: Shop) -> None:
    shop.fake.login.tokens.clear()

    with pytest.raises(Declined, match="Make a new personal token"):
        shop.connect().totals(CARDS)


def test_an_ended_version_shows_in_the_form_of_its_amounts(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.00")
    shop.fake.versions = ("2027-10",)

    with pytest.raises(Refused, match="another version of its API than 2026-07"):
        shop.connect().totals(CARDS)


def test_another_currency_than_the_shops_is_noticed_by_its_decimals(shop: Shop) -> None:
    shop.fake.cards.add("GC1", "10.50")

    with pytest.raises(Refused, match="COUNTERFOIL_CURRENCY"):
        shop.connect(currency="JPY").totals(CARDS)


# how often


@pytest.mark.thorough
def test_no_more_calls_are_made_than_the_budget_has_and_the_rest_waits(shop: Shop) -> None:
    shop.fake.registers, shop.fake.cards.page_rows = 0, 1
    for number in range(60):
        shop.fake.cards.add(f"GC{number}", "1.00")

    assert len(held(shop.connect())) == 60
    assert (shop.fake.limit, shop.fake.count("GET")) == (50, 61)
    assert sum(shop.clock.waits) >= 300, "nobody was asked to wait by Lightspeed: we did so ourselves"


def test_processes_share_the_budget(shop: Shop) -> None:
    one, other = shop.connect(), shop.connect()
    for _ in range(5):
        one.totals(CARDS)

    assert other.windows() == (CallWindow(calls=350, seconds=300, left=350 - 5),)


def test_a_shop_with_more_registers_says_so_and_is_believed(shop: Shop) -> None:
    shop.fake.registers = 4
    target = shop.connect()
    target.totals(CARDS)

    assert target.windows() == (CallWindow(calls=300 * 4 + 50, seconds=300, left=300 * 4 + 50 - 1),)


@pytest.mark.parametrize("skew", [timedelta(hours=-3), timedelta(0), timedelta(hours=3)])
def test_a_date_to_come_back_at_is_by_lightspeeds_own_clock(shop: Shop, skew: timedelta) -> None:
    shop.fake.skew = skew
    shop.fake.trouble = [Trouble("busy")]

    shop.connect().totals(CARDS)

    assert 2 <= sum(shop.clock.waits) < 6


EXPIRING = "kind | number | before | after\ncreate | GC1 | null | EUR 1050 ACTIVE 2027-12-31"


def test_a_card_that_counts_until_a_day_is_issued_so_and_shows_that_day_by_the_clock_of_the_shop(shop: Shop) -> None:
    target = shop.connect(time_zone="America/New_York")

    assert target.write(EXPIRING_CARDS.resource, changes(EXPIRING), batch()).to_list() == ["written"]

    sent = json.loads(shop.fake.asked[0].body)
    assert (sent["expires_at"], sent["time_zone"]) == ("2027-12-31", "America/New_York")
    assert shop.fake.cards.find("GC1")["expires_at"] == "2028-01-01T04:59:59Z"
    assert target.read(EXPIRING_CARDS.resource, None)["expires_on"].to_list() == ["2027-12-31"]


@pytest.mark.parametrize(
    ("shown", "expires_on"),
    [(None, None), ("2027-12-31", "2027-12-31"), ("2027-12-31T22:59:59+00:00", "2027-12-31"), ("some day", "some day")],
)
def test_a_last_day_is_taken_in_any_form_and_one_that_is_none_is_shown_as_it_is(
    shop: Shop, shown: str | None, expires_on: str | None
) -> None:
    shop.fake.cards.add("GC1", "10.00")["expires_at"] = shown
    assert shop.connect().read(EXPIRING_CARDS.resource, None)["expires_on"].to_list() == [expires_on]


def test_the_rule_of_the_shop_for_expiry_is_nobodys_change(shop: Shop) -> None:
    shop.fake.cards.rule_of_shop = "2029-01-01T22:59:59Z"
    target = shop.connect()

    assert write(target, ISSUE) == ["written"]
    assert held(target) == ["GC1 EUR 1050 ACTIVE"]
    assert write(target, "kind | number | before | after\nremove | GC1 | EUR 1050 ACTIVE | null") == ["written"]


@pytest.mark.parametrize("kind", LOST)
def test_a_lost_answer_to_a_card_with_a_day_is_settled_by_that_day_too(shop: Shop, kind: str) -> None:
    shop.fake.trouble = [Trouble(kind, method="POST")]
    target = shop.connect()

    assert target.write(EXPIRING_CARDS.resource, changes(EXPIRING), batch()).to_list() == ["written"]
    assert shop.fake.cards.shown() == ["GC1 10.50 ACTIVE"]


def test_a_card_that_counts_until_another_day_by_now_is_a_conflict(shop: Shop) -> None:
    shop.fake.cards.issue("GC1", "10.00", expires_at="2028-12-31T22:59:59Z")
    update = "kind | number | before | after\nupdate | GC1 | EUR 1000 ACTIVE 2027-12-31 | EUR 1500 ACTIVE 2027-12-31"

    assert shop.connect().write(EXPIRING_CARDS.resource, changes(update), batch()).to_list() == ["conflict"]
    assert shop.fake.cards.shown() == ["GC1 10.00 ACTIVE"]
