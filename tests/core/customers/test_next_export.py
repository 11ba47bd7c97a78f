"""What the next export says of changes that were uploaded, cell by cell."""

from collections.abc import Sequence

import polars as pl

from schemas.customers import CUSTOMER_COLUMNS
from schemas.register_exports import Shown
from tasks.core.customers.next_export import Settled, settle_by_export
from tasks.core.writing.files import write_escaped
from tests.registers import PEOPLE, SWEDEN, plan, register_of

BEFORE = register_of("""
    customer_id | first_name | last_name | email           | city  | phone         | country
    1           | Åsa        | Öberg     | asa@example.se  | Malmö | 070-123 45 67 | Sverige
    2           | Nils       | Ek        | nils@example.se | Lund  |               | Sverige
    3           | Bo         | Berg      | bo@example.se   | Lund  |               | Sverige
""")

FILE = """
    CustomerID | FirstName | LastName | Email           | City   | Phone        | Country
    1          | Åsa       | Öberg    | asa@example.se  | Lund   | +46701234568 | SE
    2          | Nils      | Ek       | nils@example.se | Lund   | +46701234569 | Norway
    3          | Bo        | Berg     | bo@example.se   | Umeå   |              |
    0          | Zoë       | Ny       | ZOE@example.se  | Kiruna |              | SE
    0          | Eva       | Ny       |                 | Luleå  | 0701234570   | SE
"""


def settled(after: str, columns: Sequence[str] = CUSTOMER_COLUMNS, *, whole: bool = True) -> Settled:
    """Settle by a register, of which only some *columns* are shown and maybe not everybody."""
    shown = Shown(records=register_of(after).select("customer_id", *columns), whole=whole)
    changes, _ = plan(FILE, BEFORE, "tixly")
    return settle_by_export(changes.with_columns(outcome=pl.lit("unknown")), shown, PEOPLE, SWEDEN)


def outcomes(settlement: Settled) -> list[str]:
    return [
        f"{key} {outcome}" for key, outcome in settlement.outcomes.sort("line").select("customer_id", "outcome").rows()
    ]


def mismatches(settlement: Settled) -> list[str]:
    return [" | ".join(row) for row in settlement.mismatches.drop("line").rows()]


def test_what_the_system_writes_its_own_way_is_as_wanted():
    settlement = settled("""
        customer_id | first_name | last_name | email           | city   | phone            | country
        1           | Åsa        | Öberg     | asa@example.se  | Lund   | 070-123 45 68    | Sverige
        2           | Nils       | Ek        | nils@example.se | Lund   | +46 70 123 45 69 | Norge
        3           | Bo         | Berg      | bo@example.se   | Umeå   |                  | Sverige
        4           | Zoë        | Ny        | zoe@example.se  | Kiruna |                  | Sverige
        5           | Eva        | Ny        |                 | Luleå  | +46701234570     | Sverige
    """)

    assert outcomes(settlement) == ["1 written", "2 written", "3 written", "4 written", "5 written"]
    assert mismatches(settlement) == []


def test_what_is_as_before_was_refused_and_what_is_neither_is_in_conflict():
    settlement = settled("""
        customer_id | first_name | last_name | email           | city   | phone         | country
        1           | Åsa        | Öberg     | asa@example.se  | Malmö  | 070-123 45 67 | Sverige
        2           | Nils       | Ek        | nils@example.se | Lund   | +46701234569  | Sverige
        3           | Bo         | Berg      | bo@example.se   | Boden  |               | Sverige
        4           | Zoë        | Ny        | zoe@example.se  | Kalix  |               | Sverige
    """)

    assert outcomes(settlement) == [
        "1 refused",
        "2 conflict",
        "3 conflict",
        "4 conflict",
        "new:eva|ny|+46701234570|luleå refused",
    ]
    assert [line for line in mismatches(settlement) if not line.startswith("new:")] == [
        "1 | phone | 070-123 45 67 | +46701234568 | 070-123 45 67",
        "1 | city | Malmö | Lund | Malmö",
        "3 | city | Lund | Umeå | Boden",
        "4 | city |  | Kiruna | Kalix",
        "2 | country | Sverige | NO | Sverige",
    ]
    assert "new:eva|ny|+46701234570|luleå | city |  | Luleå | " in mismatches(settlement)


def test_cells_that_nobody_wanted_changed_are_not_held_against_a_change():
    settlement = settled("""
        customer_id | first_name | last_name | email           | city   | phone         | country | company
        1           | Åsa        | Lind      | asa@example.com | Lund   | +46701234568  | SE      | Ny AB
    """)

    assert outcomes(settlement)[0] == "1 written"


def test_who_is_gone_or_cannot_be_told_from_another_is_in_conflict():
    settlement = settled("""
        customer_id | first_name | email
        3           | Bo         | bo@example.se
        4           | Zoë        | zoe@example.se
        5           | Zoë        | zoe@example.se
    """)

    assert outcomes(settlement)[0] == "1 conflict"
    assert outcomes(settlement)[3] == "new:zoe@example.se conflict"


def test_columns_that_only_the_system_knows_are_compared_one_by_one():
    file = "CustomerID | Email | Level | Note\n2 | nils@example.se | gold | x"
    before = BEFORE.with_columns(extra=pl.lit('{"Level":"3","Note":"x","Seen":"May"}'))
    changes, _ = plan(file, before, "tixly")
    after = before.with_columns(extra=pl.lit('{"Level":"silver","Note":"x","Seen":"June"}'))

    settlement = settle_by_export(changes.with_columns(outcome=pl.lit("unknown")), Shown(records=after), PEOPLE, SWEDEN)

    assert outcomes(settlement) == ["2 conflict"]
    assert mismatches(settlement) == ["2 | Level | 3 | gold | silver"]


AFTER = """
    customer_id | first_name | last_name | email          | city   | country
    1           | Åsa        | Öberg     | asa@example.se | Lund   | Sverige
    3           | Bo         | Berg      | bo@example.se  | Boden  | Sverige
    4           | Zoë        | Ny        | zoe@example.se | Kiruna | Sverige
    5           | Eva        | Ny        |                | Luleå  | Sverige
"""
SHOWN = ("first_name", "last_name", "email", "city")


def test_of_what_is_shown_only_in_part_the_rest_is_told_as_not_seen():
    settlement = settled(AFTER, SHOWN)

    assert outcomes(settlement) == ["1 written", "2 conflict", "3 conflict", "4 written", "5 written"]
    assert [" | ".join(row) for row in settlement.unseen.drop("line").rows()] == [
        "1 | phone | 070-123 45 67 | +46701234568",
        "5 | phone |  | +46701234570",
        "5 | country |  | SE",
        "4 | country |  | SE",
    ]


def test_who_is_not_among_the_customers_that_changed_stays_unknown():
    settlement = settled(AFTER, SHOWN, whole=False)
    assert outcomes(settlement)[1] == "2 unknown"
    assert "2" not in settlement.unseen["customer"]
    assert outcomes(settled(AFTER.partition("    4")[0], SHOWN, whole=False))[3:] == [
        "new:zoe@example.se unknown",
        "new:eva|ny|+46701234570|luleå unknown",
    ]


def test_a_change_of_nothing_that_is_shown_stays_unknown():
    settlement = settled(AFTER, ("first_name", "last_name", "email"))
    assert outcomes(settlement)[0] == "1 unknown"


def test_what_was_settled_before_stays():
    changes, _ = plan(FILE, BEFORE, "tixly")
    done = changes.with_columns(outcome=pl.lit("conflict"))

    settlement = settle_by_export(done, Shown(records=BEFORE), PEOPLE, SWEDEN)

    assert settlement.outcomes.equals(done)


def test_a_list_for_people_runs_nothing():
    content = write_escaped(pl.DataFrame({"column": ["phone", "city"], "wanted": ["+46701", " =1+1"]}))
    assert content.decode() == "\ufeffcolumn,wanted\r\nphone,'+46701\r\ncity, '=1+1\r\n"
