"""What only Lightspeed X-Series does with customers: codes, consents, whole writes, deletions, texts taken out."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.connectors.web_customers.target import WebCustomers
from infra.http.transport import Edge
from schemas.problems import Declined, Refused, Unavailable
from tests.fakes.lightspeed_x import Asked, Lightspeed
from tests.web_customers import (
    CAN,
    FIRST,
    PEOPLE,
    Notes,
    XSystem,
    batch,
    change,
    issued,
    open_system,
    person,
    read,
    register_at,
    target_of,
    write,
)


@pytest.fixture
def system() -> Iterator[XSystem]:
    with open_system("lightspeed_x_customers") as system:
        assert isinstance(system, XSystem)
        yield system


@pytest.fixture
def fake(system: XSystem) -> Lightspeed:
    return system.fake


def customer(fake: Lightspeed, email: str = "a@x.se", **fields: Any) -> dict[str, Any]:
    return fake.customers.create({"first_name": "Ann", "last_name": "Lee", "email": email} | fields)


def moved(key: str, email: str = "a@x.se", **after: str) -> dict[str, Any]:
    return change(key, person(email=email), person(email=email, **after))


def asked_for(fake: Lightspeed, method: str) -> list[str]:
    return [asked.path.removeprefix("/api/2026-07/") for asked in fake.asked if asked.method == method]


def test_a_customer_is_known_by_the_number_in_the_code_else_by_the_id(system: XSystem, fake: Lightspeed):
    numbered = customer(fake, "a@x.se", customer_code="4711")
    named, shared = customer(fake, "b@x.se"), [customer(fake, "c@x.se", customer_code="12") for _ in range(2)]
    ids = {each["id"] for each in (named, *shared)}

    assert set(read(target_of(system))) == {"4711", *ids}
    assert set(read(target_of(system), "4711", "12", named["id"], numbered["id"])) == {
        "4711",
        named["id"],
        numbered["id"],
    }


@pytest.mark.parametrize("many", [1, 30])
def test_some_are_found_under_the_key_they_are_asked_for_by_however_many_they_are(system: XSystem, many: int):
    made = [customer(system.fake, f"p{n}@x.se", customer_code=str(n)) for n in range(1, many + 1)]
    keys = [each["id"] for each in made]
    assert set(read(target_of(system), *keys)) == set(keys)
    assert set(read(target_of(system), *map(str, range(1, many + 1)))) == {str(n) for n in range(1, many + 1)}


def test_a_number_that_was_given_to_another_since_is_a_conflict(system: XSystem, fake: Lightspeed):
    first, second = customer(fake, customer_code="7"), customer(fake, "b@x.se", customer_code="8")
    target = target_of(system)
    assert set(read(target)) == {"7", "8"}
    fake.customers.update(first["id"], {"customer_code": "8"})
    fake.customers.update(second["id"], {"customer_code": "7"})

    assert write(target, moved("7", city="Lund")) == ["conflict"]
    assert asked_for(fake, "PUT") == []


def test_an_address_that_many_have_is_guessed_at_by_nobody(system: XSystem, fake: Lightspeed):
    customer(fake, "family@x.se"), customer(fake, "Family@x.se")
    assert write(target_of(system), change("new:f", None, person(email="family@x.se", city="Lund"))) == ["conflict"]
    assert len(system.held()) == 2


def test_new_customers_get_no_marketing_and_no_loyalty_of_ours(system: XSystem, fake: Lightspeed):
    assert write(target_of(system), change("new:a", None, person(email="a@x.se"))) == ["written"]
    (made,) = fake.customers.customers.values()
    assert (made["do_not_email"], made["enable_promotional_sms"]) == (True, False)
    assert "enable_loyalty" not in str(fake.asked[-1].body)


def test_new_customers_may_get_marketing_where_the_shop_says_so(system: XSystem, fake: Lightspeed):
    register = register_at(system.name, system.keys() | {"lightspeed_x_marketing": "allow"}, Edge())
    target = WebCustomers(system.name, CAN[system.name], register, journal=Notes(), issued=Notes())
    assert write(target, change("new:a", None, person(email="a@x.se"))) == ["written"]
    assert next(iter(fake.customers.customers.values()))["do_not_email"] is False


OTHERS = {
    "customer_code": "Ann-7",
    "customer_group_id": "g-1",
    "do_not_email": True,
    "enable_promotional_sms": True,
    "enable_loyalty": True,
    "on_account_limit": 100.0,
    "note": "likes red",
    "custom_field_1": "VIP",
    "fax": "1",
    "twitter": "@ann",
    "website": "https://ann.example",
    "physical_suburb": "Söder",
    "postal_suburb": "Norr",
}


@pytest.mark.parametrize("replaces", [False, True])
def test_what_has_no_column_stays_whether_or_not_a_write_replaces_what_it_does_not_name(
    system: XSystem, fake: Lightspeed, replaces: bool
):
    made = customer(fake, **OTHERS)
    fake.customers.replaces = replaces
    assert write(target_of(system), moved(made["id"], city="Lund")) == ["written"]
    now = fake.customers.customers[made["id"]]
    assert {name: now[name] for name in OTHERS} == OTHERS
    assert (now["physical_city"], now["email"]) == ("Lund", "a@x.se")


def test_only_what_differs_is_sent_where_the_shop_says_so(system: XSystem, fake: Lightspeed):
    made = customer(fake, **OTHERS)
    register = register_at(system.name, system.keys() | {"lightspeed_x_updates": "changed"}, Edge())
    target = WebCustomers(system.name, CAN[system.name], register, journal=Notes(), issued=Notes())
    assert write(target, moved(made["id"], city="Lund")) == ["written"]
    assert fake.asked[-1].body == b'{"first_name": "Ann", "last_name": "Lee", "physical_city": "Lund"}'


def test_a_gender_that_we_do_not_know_stays(system: XSystem, fake: Lightspeed):
    made = customer(fake, gender="N", date_of_birth="1988-04-02T00:00:00Z", physical_country_id="be")
    (found,) = read(target_of(system)).values()
    assert (found["gender"], found["born_on"], found["country"]) == ("", "1988-04-02", "BE")
    before = person(email="a@x.se", born_on="1988-04-02", country="BE")
    assert write(target_of(system), change(made["id"], before, before | {"city": "Gent"})) == ["written"]
    assert fake.customers.customers[made["id"]]["gender"] == "N"


@pytest.mark.parametrize(("column", "text"), [("company", "4111 1111 1111 1111"), ("street", "Box 4111111111111111")])
def test_what_is_taken_out_without_a_word_is_found_by_the_answer_and_by_the_read_back(
    system: XSystem, column: str, text: str
):
    target = target_of(system)
    assert write(target, change("new:a", None, person(email="a@x.se", **{column: text}))) == ["written"]
    assert target.reasons(FIRST) == (f"The system took a customer and holds something else in: {column}.",)
    (found,) = read(target).values()
    assert "[redacted]" in found[column]


def test_a_postcode_that_is_none_of_its_country_is_refused_and_the_others_go_on(system: XSystem):
    wrong, right = (person(email=f"{n}@x.se", country="FR", postcode=n * 5) for n in ("x", "7"))
    target = target_of(system)
    assert write(target, change("new:x", None, wrong), change("new:7", None, right)) == ["refused", "written"]
    assert "(400)" in target.reasons(FIRST)[0] and "xxxxx" not in target.reasons(FIRST)[0]


@pytest.mark.parametrize("shows", [False, True])
def test_whoever_was_deleted_is_not_there(system: XSystem, fake: Lightspeed, shows: bool):
    fake.customers.shows_deleted = shows
    made = customer(fake)
    target = target_of(system)
    assert set(read(target)) == {made["id"]}
    fake.customers.delete(made["id"])
    assert (read(target), read(target, made["id"]), target.totals(PEOPLE)[0].count) == ({}, {}, 0)
    assert write(target, moved(made["id"], city="Lund")) == ["conflict"]


def test_who_changes_or_is_deleted_while_the_list_is_read_stands_on_it_as_at_the_end(system: XSystem, fake: Lightspeed):
    fake.customers.page_rows = 2
    made = [customer(fake, f"p{n}@x.se") for n in range(5)]

    def meanwhile(asked: Asked) -> None:
        if asked.query.get("after") == str(made[1]["version"]):
            fake.customers.update(made[0]["id"], {"physical_city": "Lund"})
            fake.customers.delete(made[1]["id"])

    fake.between = meanwhile
    made = [dict(each) for each in made]
    found = read(target_of(system))
    assert set(found) == {each["id"] for each in made} - {made[1]["id"]}
    assert found[made[0]["id"]]["city"] == "Lund"


@pytest.mark.parametrize("missing", ["customers:read", "customers:write"])
def test_a_missing_permission_is_named_and_stops_the_batch_before_anything_is_written(
    system: XSystem, fake: Lightspeed, missing: str
):
    (token,) = fake.login.tokens
    scopes, until = fake.login.tokens[token]
    fake.login.tokens[token] = (scopes.replace(missing, ""), until)
    notes, asked = Notes(), [change(f"new:{n}", None, person(email=f"{n}@x.se")) for n in "ab"]
    with pytest.raises(Declined, match=f"needs the permission {missing}"):
        write(target_of(system, notes), *asked)
    assert (len(asked_for(fake, "POST")), system.held()) == (int(missing.endswith("write")), [])

    fake.login.tokens[token] = (scopes, until)
    assert write(target_of(system, notes), *asked) == ["written", "written"]


def test_masked_addresses_are_not_taken_for_addresses(system: XSystem, fake: Lightspeed):
    customer(fake)
    fake.customers.masked = True
    with pytest.raises(Refused, match="addresses masked"):
        read(target_of(system))


def test_a_masked_address_is_not_written_over_the_true_one(system: XSystem, fake: Lightspeed):
    key = customer(fake, "anna@x.se")["id"]
    fake.customers.masked = True
    with pytest.raises(Refused, match="addresses masked"):
        write(target_of(system), moved(key, "a***@***", city="Malmö"))
    assert fake.customers.customers[key]["email"] == "anna@x.se"


def test_a_search_that_finds_everybody_is_not_believed(system: XSystem, fake: Lightspeed):
    for n in range(100):
        customer(fake, f"p{n}@x.se")
    fake.customers.search_ignores = True
    with pytest.raises(Refused, match="does not find customers by their address"):
        write(target_of(system), change("new:a", None, person(email="a@x.se")))
    assert asked_for(fake, "POST") == []


def test_a_search_that_is_behind_makes_nobody_two(system: XSystem, fake: Lightspeed):
    """The answer to a new customer is lost, and the search does not know of them yet."""
    fake.customers.behind = 1
    system.trouble("drop after", "POST")
    notes = Notes()
    assert write(target_of(system, notes), change("new:a", None, person(email="a@x.se"))) == ["unknown"]
    assert len(system.held()) == 1
    fake.customers.behind = 0
    assert target_of(system, notes).outcomes(FIRST).to_list() == ["done"]
    assert issued(target_of(system, notes), "new:a") == {"new:a": system.held()[0][0]}


def test_a_stale_search_is_settled_by_the_customer_itself(system: XSystem, fake: Lightspeed):
    """Whoever had the address a moment ago has another one now: the address is free."""
    made = customer(fake, "a@x.se")
    stale = dict(made)
    fake.customers.update(made["id"], {"email": "b@x.se"})
    fake.customers.search = lambda *_: [stale]  # type: ignore[method-assign]
    assert write(target_of(system), change("new:a", None, person(email="a@x.se"))) == ["written"]


def test_an_answer_that_is_no_list_is_not_taken_for_an_empty_one(system: XSystem, fake: Lightspeed):
    fake.customers.page = lambda *_, **__: {"data": None, "version": {"min": None, "max": None}}  # type: ignore[method-assign]
    with pytest.raises(Unavailable, match="something else than a list of customers"):
        read(target_of(system))
    fake.violations.clear()


def test_a_customer_without_an_address_is_created_once_or_parked(system: XSystem):
    notes = Notes()
    system.trouble("drop after", "POST")
    asked = change("new:ann lee|1988-04-02", None, person(born_on="1988-04-02"))
    assert write(target_of(system, notes), asked) == ["unknown"]
    assert write(target_of(system, notes), asked) == ["unknown"]
    assert len(system.held()) == 1


def test_a_customer_we_created_is_removed_by_its_id_also_after_it_got_a_card(system: XSystem, fake: Lightspeed):
    target = target_of(system)
    write(target, change("new:a", None, person(email="a@x.se")))
    (key,) = issued(target, "new:a").values()
    fake.customers.update(key, {"customer_code": "4711"})
    assert write(target, change(key, person(email="a@x.se"), None), batch=batch(2)) == ["written"]
    assert system.held() == []


def test_writing_takes_the_calls_that_the_plan_says(system: XSystem, fake: Lightspeed):
    target, can = target_of(system), CAN[system.name].costs
    assert can is not None
    made = customer(fake, "b@x.se", customer_code="12")
    read(target)

    def calls(asked: dict[str, Any], number: int) -> int:
        before = len(fake.asked)
        assert write(target, asked, batch=batch(number)) == ["written"]
        return len(fake.asked) - before

    assert calls(change("new:a", None, person(email="a@x.se")), 1) == can.create
    assert calls(moved("12", "b@x.se", city="Lund"), 2) == can.update
    (key,) = issued(target, "new:a").values()
    assert calls(change(key, person(email="a@x.se"), None), 3) == can.remove
    assert made["physical_city"] == "Lund"
