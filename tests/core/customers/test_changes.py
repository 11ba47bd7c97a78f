"""What a file of customers means for the register, and whose card it must not touch."""

from tests.registers import in_short, plan, register_of

BEFORE = register_of("""
    customer_id | first_name | last_name | email            | city   | country | born_on    | phone
    1           | Åsa        | Öberg     | asa@example.se   | Malmö  | Sverige | 1970-01-01 | 070-123 45 67
    2           | Nils       | Ek        | nils@example.se  | Lund   | SE      | 1971-01-01 |
    3           | Bo         | Berg      |                  | Lund   | SE      | 1972-01-01 |
    4           | Cy         | Dahl      | both@example.se  |        | SE      |            |
    5           | Di         | Dahl      | both@example.se  |        | SE      |            |
""")


def test_only_what_differs_in_meaning_changes():
    changes, unchanged = plan(
        """
        CustomerID | FirstName | LastName | Email          | City  | Country | Phone        | DateOfBirth
        1          | Åsa       | Öberg    | ASA@example.se | Malmö | SE      | +46701234567 | 01.01.1970
        2          | Nils      | Ek       | nils@example.se| Malmö | Sweden  |              |
        """,
        BEFORE,
        "tixly",
    )

    assert in_short(changes) == ["update 1 email asa@example.se -> ASA@example.se", "update 2 city Lund -> Malmö"]
    assert unchanged == 0


def test_a_card_that_would_become_another_persons_is_held():
    changes, _ = plan(
        """
        CustomerID | FirstName | LastName | Email            | DateOfBirth
        1          | Nils      | Ek       | nils@example.se  | 1971-01-01
        2          | Eva       | Ny       | eva@example.se   |
        3          | Bo        | Berg     | bo@example.se    | 1972-01-01
        """,
        BEFORE,
        "tixly",
    )

    assert in_short(changes) == [
        "held 1 TIXLY_CUSTOMER_ID_MOVED customer 2",
        "held 2 TIXLY_CUSTOMER_ID_MOVED",
        "update 3 email (empty) -> bo@example.se",
    ]


def test_a_new_name_or_a_new_address_alone_is_the_same_person():
    changes, _ = plan(
        """
        CustomerID | FirstName | LastName | Email
        1          | Åsa       | Lind     | asa@example.se
        2          | Nils      | Ek       | nils.ek@example.se
        """,
        BEFORE,
        "tixly",
    )

    assert in_short(changes) == [
        "update 1 last_name Öberg -> Lind",
        "update 2 email nils@example.se -> nils.ek@example.se",
    ]


def test_a_number_that_the_register_does_not_have_is_held_and_the_person_is_named_if_known():
    changes, _ = plan(
        "CustomerID | FirstName | LastName | Email\n77 | Nils | Ek | nils@example.se\n78 | New | Ny | ny@example.se",
        BEFORE,
        "tixly",
    )

    assert in_short(changes) == [
        "held 77 TIXLY_CUSTOMER_ID_UNKNOWN customer 2",
        "held 78 TIXLY_CUSTOMER_ID_UNKNOWN",
    ]


def test_an_address_that_another_customer_has_is_held():
    changes, _ = plan("CustomerID | FirstName | LastName | Email\n1 | Åsa | Öberg | nils@example.se", BEFORE, "tixly")

    assert in_short(changes) == ["held 1 CUST_EMAIL_DUP_SERVER customer 2"]


def test_two_customers_who_share_an_address_already_may_go_on_sharing_it():
    changes, unchanged = plan(
        "CustomerID | FirstName | LastName | Email | City\n5 | Di | Dahl | both@example.se | Lund", BEFORE, "tixly"
    )

    assert (in_short(changes), unchanged) == (["update 5 city (empty) -> Lund"], 0)


def test_zero_makes_a_new_customer_once_and_never_a_second_of_the_same_person():
    changes, unchanged = plan(
        """
        CustomerID | FirstName | LastName | Email           | City | DateOfBirth
        0          | Eva       | Ny       | eva@example.se  | Lund | 1980-01-01
        0          | Nils      | Ek       | nils@example.se | Lund | 1971-01-01
        0          | Nils      | Ek       | ASA@example.se  | Lund | 1981-01-01
        0          | Bo        | Berg     | new@example.se  | Lund | 1972-01-01
        0          | Bo        | Berg     |                 |      | 1972-01-01
        """,
        BEFORE,
        "tixly",
    )

    assert in_short(changes) == [
        "create new:eva@example.se",
        "held 1 CUST_EMAIL_DUP_SERVER customer 1",
        "held new:new@example.se CUST_SAME_PERSON customer 3",
    ]
    assert unchanged == 2


def test_an_ecom_row_without_number_is_about_whoever_has_its_address():
    changes, unchanged = plan(
        """
        Internal ID | Firstname | Lastname | E-mail          | City
                    | Nils      | Ek       | NILS@example.se | Malmö
                    | Eva       | Ny       | eva@example.se  | Malmö
                    | Cy        | Dahl     | both@example.se | Malmö
        """,
        BEFORE,
    )

    assert in_short(changes) == [
        "update 2 email nils@example.se -> NILS@example.se, city Lund -> Malmö",
        "create new:eva@example.se",
        "held 4 CUST_SEVERAL",
    ]
    assert unchanged == 0


def test_two_rows_about_one_customer_are_both_held():
    changes, _ = plan(
        """
        Internal ID | Firstname | Lastname | E-mail             | City
        2           | Nils      | Ek       | nils.ek@example.se | Malmö
                    | Nils      | Ek       | nils@example.se    | Ystad
        """,
        BEFORE,
    )

    assert in_short(changes) == ["held 2 CUST_TWICE", "held 2 CUST_TWICE"]


def test_blank_cells_clear_only_when_asked_to():
    text = "CustomerID | FirstName | LastName | Email | City\n1 | Åsa | Öberg | asa@example.se | "

    assert plan(text, BEFORE, "tixly")[1] == 1
    assert in_short(plan(text, BEFORE, "tixly", "clear")[0]) == ["update 1 city Malmö -> (empty)"]


def test_columns_that_pass_through_are_laid_over_those_that_are_there():
    before = register_of(
        'customer_id | first_name | email | extra\n1 | Åsa | asa@example.se | {"VIP":"ja","Note":"old"}'
    )

    changes, _ = plan("CustomerID | FirstName | Email | Note\n1 | Åsa | asa@example.se | new", before, "tixly")

    assert in_short(changes) == ['update 1 extra {"VIP":"ja","Note":"old"} -> {"VIP":"ja","Note":"new"}']
