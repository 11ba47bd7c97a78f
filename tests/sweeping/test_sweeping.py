"""The sweep as the shop sees it: what is remembered, what is done in Astro, and what waits for people."""

import csv
import io

import pytest

from tests.sweeping.shop import REDEMPTIONS, UPC, Shop, redemption, transaction


def test_a_failure_is_remembered_with_what_it_is_and_for_how_long(shop: Shop):
    shop.owner_with_reward("77", "1990367", email_address="jane@example.com")
    file = shop.report("2026-11-20", redemption("77", "1990367", "2026-11-20"), heading=REDEMPTIONS)

    answer = shop.sweep("2026-11-20", file)

    assert (answer["outcome"], answer["rows"]) == ("looked", {"in": 1, "accepted": 1, "rejected": 0})
    assert shop.failures("status", "failure_class", "expires_on", "first_seen_on") == [
        ("open", "reward_waiting", "2026-12-20", "2026-11-20")
    ]
    assert shop.astro.asked("addRedemption") == []


@pytest.mark.thorough
def test_a_preview_remembers_nothing_and_takes_no_file_in(shop: Shop):
    shop.drop("failures-2026-11-20.csv", REDEMPTIONS + redemption("77", "1990367", "2026-11-20"))

    shown = shop.sweep("2026-11-20", mode="preview")
    done = shop.sweep("2026-11-20")

    assert (shown["rows"], done["rows"]) == ({"in": 1, "accepted": 1, "rejected": 0},) * 2
    assert len(shop.failures("failure_key")) == 1


@pytest.mark.thorough
def test_the_same_day_twice_is_once(shop: Shop):
    file = shop.report("2026-11-20", transaction("77", "S-1", "2026-11-20"), transaction("78", "S-2", "2026-11-20"))

    shop.sweep("2026-11-20", file)
    before = shop.failures("failure_key", "status", "first_seen_on", "last_seen_on", "failure_class")
    shop.sweep("2026-11-20", file)

    assert shop.failures("failure_key", "status", "first_seen_on", "last_seen_on", "failure_class") == before


@pytest.mark.thorough
def test_days_out_of_order_come_to_the_same_as_in_order(shop: Shop):
    first = shop.report("2026-11-20", transaction("77", "S-1", "2026-11-20"))
    second = shop.report("2026-11-21", transaction("78", "S-2", "2026-11-21"))

    shop.sweep("2026-11-21", second)
    shop.sweep("2026-11-20", first)

    assert shop.failures("customer_id", "status", "first_seen_on", "gone_on") == [
        ("77", "resolved", "2026-11-20", "2026-11-21"),
        ("78", "open", "2026-11-21", None),
    ]


@pytest.mark.thorough
def test_missed_days_are_caught_up_in_one_sweep_each_as_its_own_day(shop: Shop):
    shop.drop("failures-2026-11-20.csv", shop.text(transaction("77", "S-1", "2026-11-20")))
    shop.drop("failures-2026-11-21.csv", shop.text(transaction("78", "S-2", "2026-11-21")))
    shop.drop("failures-2026-11-25.csv", shop.text(transaction("79", "S-3", "2026-11-25")))

    shop.sweep("2026-11-22")

    assert shop.failures("customer_id", "status", "first_seen_on") == [
        ("77", "resolved", "2026-11-20"),
        ("78", "open", "2026-11-21"),
    ], "what was dropped for a later day waits for it"


@pytest.mark.thorough
def test_after_a_gap_of_forty_days_what_was_open_has_expired_and_is_still_here(shop: Shop):
    shop.sweep("2026-10-01", shop.report("2026-10-01", transaction("77", "S-1", "2026-10-01")))

    answer = shop.sweep("2026-11-10", shop.report("2026-11-10", transaction("78", "S-2", "2026-11-10")))

    assert shop.failures("customer_id", "status") == [("77", "expired"), ("78", "open")]
    assert [concern["code"] for concern in answer["concerns"]] == ["LOYALTY_DAYS_MISSED"]


@pytest.mark.thorough
def test_an_empty_report_after_a_full_one_is_a_concern_and_resolves_nothing(shop: Shop):
    full = [transaction(str(n), f"S-{n}", "2026-11-20") for n in range(10)]
    shop.sweep("2026-11-20", shop.report("2026-11-20", *full))

    answer = shop.sweep("2026-11-21", shop.report("2026-11-21", *full[:1]))

    assert {status for (status,) in shop.failures("status")} == {"open"}
    assert [concern["code"] for concern in answer["concerns"]] == ["LOYALTY_REPORT_SHORT"]


@pytest.mark.thorough
def test_a_report_without_rows_after_a_full_one_is_a_concern_and_resolves_nothing(shop: Shop):
    full = [transaction(str(n), f"S-{n}", "2026-11-20") for n in range(3)]
    shop.sweep("2026-11-20", shop.report("2026-11-20", *full))

    answer = shop.sweep("2026-11-21", shop.report("2026-11-21"))

    assert answer["rows"] == {"in": 0, "accepted": 0, "rejected": 0}
    assert {status for (status,) in shop.failures("status")} == {"open"}
    assert [concern["code"] for concern in answer["concerns"]] == ["LOYALTY_REPORT_SHORT"]


@pytest.mark.thorough
def test_rows_that_cannot_be_right_come_back_and_go_in_again_as_more_rows(shop: Shop):
    wrong = transaction("77", "S-1", "2026-11-20") + transaction("78", "S-2", "2026-11-20", upc="12.5E9")
    answer = shop.sweep("2026-11-20", shop.report("2026-11-20", wrong), code=4)
    name = shop.desk.fetch(answer["run_id"], "rejects-1-transactions.csv")

    corrected = shop.desk.read(name).replace("12.5E9", UPC)
    again = shop.sweep("2026-11-20", shop.desk.write("corrected-2026-11-20.csv", corrected))

    assert (answer["rows"]["rejected"], again["rows"]["rejected"]) == (1, 0)
    assert shop.failures("customer_id", "status") == [("77", "open"), ("78", "open")]


@pytest.mark.thorough
def test_rows_that_nobody_corrected_do_not_go_in_and_come_back_again(shop: Shop):
    cut = "77,Buy 3 get 1,S-1\n"
    wrong = transaction("77", "S-1", "2026-11-20", upc="12.5E9") + cut
    first = shop.sweep("2026-11-20", shop.report("2026-11-20", wrong), code=4)
    back = shop.desk.read(shop.desk.fetch(first["run_id"], "rejects-1-transactions.csv"))

    again = shop.sweep("2026-11-20", shop.desk.write("resaved-2026-11-20.csv", back.replace(",", ";")), code=4)

    assert (again["rows"], shop.failures("status")) == ({"in": 2, "accepted": 0, "rejected": 2}, [])
    twice = shop.desk.read(shop.desk.fetch(again["run_id"], "rejects-1-transactions.csv"))
    assert twice.count("comes back as it was rejected") == 2


@pytest.mark.thorough
def test_a_row_of_a_wrong_width_that_was_filled_up_and_corrected_goes_in(shop: Shop):
    first = shop.sweep("2026-11-20", shop.report("2026-11-20", "Jane,77,S-1\n"), code=4)
    back = shop.desk.read(shop.desk.fetch(first["run_id"], "rejects-1-transactions.csv"))
    heading, row = back.splitlines()
    cells = row.split(",", 6)
    cells[3:6] = [UPC, "2026-11-20 17:45", "TransactionID already exists"]

    again = shop.sweep("2026-11-20", shop.desk.write("corrected-2026-11-20.csv", f"{heading}\n{','.join(cells)}\n"))

    assert (again["rows"]["accepted"], shop.failures("customer_id", "status")) == (1, [("77", "open")])


@pytest.mark.thorough
def test_a_row_that_was_dropped_in_its_error_cell_is_left_out_and_makes_no_whole_report(shop: Shop):
    good, bad = transaction("77", "S-1", "2026-11-20"), transaction("78", "S-2", "2026-11-20", upc="12.5E9")
    first = shop.sweep("2026-11-20", shop.report("2026-11-20", good, bad), code=4)
    name = shop.desk.fetch(first["run_id"], "rejects-1-transactions.csv")
    rows = list(csv.DictReader(io.StringIO(shop.desk.read(name))))
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "Error": "drop: sold by hand"} for row in rows)

    again = shop.sweep("2026-11-21", shop.desk.write("dropped-2026-11-21.csv", written.getvalue()))

    assert again["rows"] == {"in": 0, "accepted": 0, "rejected": 0}
    assert shop.failures("customer_id", "status") == [("77", "open")]


@pytest.mark.thorough
def test_without_astro_the_tills_own_sales_have_to_do(shop: Shop):
    shop.sell("S-1", "77", "2026-11-20", cents=0)
    file = shop.report("2026-11-20", transaction("77", "S-1", "2026-11-20"))

    shop.sweep("2026-11-20", file, astro_user="")

    assert shop.failures("failure_class") == [("free_good",)]
    assert shop.astro.calls == []
