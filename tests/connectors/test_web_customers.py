"""What every target must do whose customers are written by a web interface, one by one: the contract, and faults."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from infra.connectors import CountsCalls, SaysWhy
from schemas.problems import Bug, Unavailable
from schemas.records import Total
from tests.web_customers import (
    FIRST,
    PEOPLE,
    SYSTEMS,
    Notes,
    System,
    batch,
    change,
    changes,
    issued,
    open_system,
    person,
    read,
    target_of,
    write,
)


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    with open_system(request.param) as system:
        yield system


def new(system: System, name: str, **cells: str) -> dict[str, Any]:
    return change(f"new:{name}@x.se", None, person(system, email=f"{name}@x.se", **cells))


def moved(system: System, key: str, before: str, after: str, email: str = "a@x.se") -> dict[str, Any]:
    sides = (person(system, email=email, city=city) for city in (before, after))
    return change(key, *sides)


def test_an_empty_system_holds_nobody(system: System):
    target = target_of(system)
    assert (read(target), read(target, "7"), target.totals(PEOPLE)) == (
        {},
        {},
        (Total(currency="", count=0, sum_cents=0),),
    )


@pytest.mark.thorough
def test_everyone_is_read_and_some_by_number(system: System):
    keys = [system.add(f"p{n}@x.se") for n in range(1, 520)]
    target = target_of(system)
    found = read(target)
    assert sorted(found) == sorted(keys)
    assert found[keys[7]]["email"] == "p8@x.se"
    assert sorted(read(target, keys[0], keys[9], "999999", "new:x")) == sorted([keys[0], keys[9]])
    assert target.totals(PEOPLE) == (Total(currency="", count=519, sum_cents=0),)


def test_new_customers_are_numbered_by_the_system_and_found_by_name_also_by_a_later_process(system: System):
    notes = Notes()
    assert write(target_of(system, notes), new(system, "a"), new(system, "b", city="Lund")) == ["written"] * 2

    numbers = issued(target_of(system, notes), "new:a@x.se", "new:b@x.se", "new:nobody")
    assert set(numbers) == {"new:a@x.se", "new:b@x.se"}
    assert system.held() == sorted([(numbers["new:a@x.se"], "a@x.se"), (numbers["new:b@x.se"], "b@x.se")])
    assert read(target_of(system), numbers["new:b@x.se"]) == {
        numbers["new:b@x.se"]: person(system, email="b@x.se", city="Lund")
    }
    assert system.mailed() == []


def test_every_column_that_the_system_holds_comes_back_as_it_was_written(system: System):
    target = target_of(system)
    columns = target._register.compared(changes(new(system, "a")))
    texts = {column: f"{column} Ö & 'x'" for column in columns if column not in ("email", "groups")}
    texts |= {column: text for column, text in FIXED.items() if column in columns}
    assert write(target, new(system, "a", **texts)) == ["written"]
    assert target.reasons(FIRST) == ()
    (found,) = read(target).values()
    assert {column: found[column] for column in texts} == texts


FIXED = {
    "country": "BE",
    "shipping_country": "SE",
    "shipping_postcode": "211 20",
    "language": "fr",
    "gender": "female",
    "born_on": "1988-04-02",
    "confirmed": "Yes",
    "customer_type": "company",
    "phone": "+46701234567",
    "mobile": "+46701234568",
}


def test_a_batch_that_comes_again_writes_nobody_twice_and_answers_the_same(system: System):
    key, notes = system.add("b@x.se"), Notes()
    asked = (new(system, "a"), moved(system, key, "", "Lund", "b@x.se"), moved(system, "999", "", "x", "c@x.se"))
    assert write(target_of(system, notes), *asked) == ["written", "written", "conflict"]

    again = target_of(system, notes)
    assert write(again, *asked) == ["done", "done", "conflict"]
    assert again.outcomes(batch(1)).to_list() == ["done", "done", "conflict"]
    assert again.outcomes(batch(2)) is None
    assert len(system.held()) == 2


def test_another_run_that_creates_the_same_person_finds_it_unchanged_or_in_conflict(system: System):
    notes = Notes()
    target = target_of(system, notes)
    write(target, new(system, "a"))
    assert write(target, new(system, "a"), new(system, "c"), batch=batch(2)) == ["unchanged", "written"]
    key = issued(target, "new:a@x.se")["new:a@x.se"]
    write(target, change(key, person(system, email="a@x.se"), person(system, email="moved@x.se")), batch=batch(3))
    assert write(target, new(system, "a"), batch=batch(4)) == ["conflict"]
    assert len(system.held()) == 2


def test_whoever_has_the_address_already_is_a_conflict_and_stays(system: System):
    key = system.add("A@x.se")
    assert write(target_of(system), new(system, "a", city="Lund")) == ["conflict"]
    assert system.held() == [(key, "A@x.se")]


def test_updates_touch_only_records_that_are_as_planned(system: System):
    keys = [system.add(f"{name}@x.se") for name in "abc"]
    system.city(keys[1], "Malmö")
    outcomes = write(
        target_of(system),
        moved(system, keys[0], "", "Lund", "a@x.se"),
        moved(system, keys[1], "", "Lund", "b@x.se"),
        moved(system, keys[2], "Kiel", "", "c@x.se"),
    )
    assert outcomes == ["written", "conflict", "unchanged"]
    (sent,) = [request.body for request in system.fake.asked if request.method == "PUT"]
    assert "Lund" in str(sent)
    assert ("a@x.se" in str(sent)) is (system.name == "lightspeed_x_customers"), "there all of a customer is sent"


def test_cells_are_emptied(system: System):
    key = system.add("a@x.se")
    system.city(key, "Lund")
    assert write(target_of(system), moved(system, key, "Lund", "")) == ["written"]
    assert read(target_of(system))[key]["city"] == ""


def test_what_we_created_is_removed_and_nobody_else(system: System):
    notes, other = Notes(), system.add("other@x.se")
    target = target_of(system, notes)
    write(target, new(system, "a"))
    mine = issued(target, "new:a@x.se")["new:a@x.se"]
    gone = [change(key, person(system, email=email), None) for key, email in ((mine, "a@x.se"), (other, "other@x.se"))]
    assert sorted(write(target, *gone, batch=batch(2))) == ["refused", "written"]
    assert target.reasons(batch(2)) == ("Only customers who were created from here are removed.",)
    assert (system.held(), issued(target, "new:a@x.se")) == ([(other, "other@x.se")], {})
    assert write(target, gone[0], batch=batch(3)) == ["unchanged"]


def test_a_customer_who_changed_since_is_not_removed(system: System):
    target = target_of(system)
    write(target, new(system, "a"))
    (key,) = issued(target, "new:a@x.se").values()
    system.city(key, "Lund")
    assert write(target, change(key, person(system, email="a@x.se"), None), batch=batch(2)) == ["conflict"]


def test_nobody_comes_back_under_a_number_that_only_the_system_gives(system: System):
    target = target_of(system)
    assert write(target, change("4711", None, person(system, email="a@x.se"))) == ["refused"]
    assert "import the file again" in target.reasons(batch(1))[0]
    assert system.held() == []


def test_a_customer_without_an_address_is_refused_before_anything_is_sent_where_one_is_needed(system: System):
    target = target_of(system)
    takes = system.name == "lightspeed_x_customers"
    assert write(target, change("new:x", None, person(system))) == ["written" if takes else "refused"]
    assert takes or "email" in target.reasons(batch(1))[0]
    assert len([request for request in system.fake.asked if request.method == "POST"]) == int(takes)


def test_two_changes_to_one_record_are_never_written(system: System):
    key = system.add("a@x.se")
    with pytest.raises(Bug, match="1 records have more than one change"):
        write(target_of(system), moved(system, key, "", "x"), moved(system, key, "", "y"))


def test_the_target_says_why_counts_calls_and_what_cannot_be_undone(system: System):
    target = target_of(system)
    assert isinstance(target, SaysWhy) and isinstance(target, CountsCalls)
    assert (target.can.guard, target.can.unit, target.can.undo) == ("look_then_write", "record", True)
    assert target.can.costs and "another number" in target.can.final


LOST = ["drop after", "error after", "cut", "reset", "drip"]
"""It was done, and we do not hear of it."""


@pytest.mark.thorough
@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_lost_answer_is_settled_by_looking_and_nothing_is_sent_twice(system: System, kind: str, method: str):
    if kind in ("cut", "drip") and method == "DELETE" and system.name != "woocommerce_customers":
        pytest.skip("an empty answer cannot be cut")
    notes, asked = prepared(system, method)
    system.trouble(kind, method)
    target = target_of(system, notes)
    assert write(target, asked) == ["written"]
    assert [request.method for request in system.fake.asked if request.method != "GET"] == [method]
    assert target.outcomes(batch(1)).to_list() == ["done"]
    if method == "POST":
        assert issued(target, "new:a@x.se") == {"new:a@x.se": system.held()[0][0]}


def prepared(system: System, method: str) -> tuple[Notes, dict[str, Any]]:
    """Return a change that is sent by a method, and the notes that allow it."""
    notes = Notes()
    if method == "POST":
        return notes, new(system, "a")
    key = system.add("a@x.se")
    notes.keep("new:a@x.se", key)
    return notes, moved(system, key, "", "Lund") if method == "PUT" else change(
        key, person(system, email="a@x.se"), None
    )


def test_a_new_customer_who_is_not_found_after_a_lost_answer_is_unknown_and_not_sent_again(system: System):
    notes = Notes()
    system.trouble("drop", "POST")
    target = target_of(system, notes)
    assert write(target, new(system, "a"), new(system, "b")) == ["unknown", "written"]
    assert "broke off the connection" in target.reasons(batch(1))[0]
    assert write(target_of(system, notes), new(system, "a"), new(system, "b")) == ["unknown", "done"]
    assert target_of(system, notes).outcomes(batch(1)).to_list() == ["unknown", "done"]
    assert [email for _, email in system.held()] == ["b@x.se"]


def test_a_new_customer_who_appears_after_a_lost_answer_is_known_as_ours(system: System):
    notes = Notes()
    system.trouble("drop", "POST")
    assert write(target_of(system, notes), new(system, "a")) == ["unknown"]
    key = system.add("a@x.se")  # the request arrived after all
    assert target_of(system, notes).outcomes(batch(1)).to_list() == ["done"]
    assert issued(target_of(system, notes), "new:a@x.se") == {"new:a@x.se": key}


def test_an_update_that_did_not_arrive_is_sent_again_after_a_look(system: System):
    key = system.add("a@x.se")
    system.trouble("drop", "PUT", times=2)
    assert write(target_of(system), moved(system, key, "", "Lund")) == ["written"]
    assert read(target_of(system))[key]["city"] == "Lund"


def test_an_update_that_never_arrives_is_unknown_and_goes_on_later(system: System):
    key, notes = system.add("a@x.se"), Notes()
    system.trouble("drop", "PUT", times=3)
    assert write(target_of(system, notes), moved(system, key, "", "Lund")) == ["unknown"]
    assert write(target_of(system, notes), moved(system, key, "", "Lund")) == ["written"]


def test_what_somebody_else_writes_while_an_answer_is_lost_is_not_overwritten(system: System):
    key = system.add("a@x.se")
    system.trouble("drop", "PUT")
    seen = []

    def between(method: str) -> None:
        seen.append(method)
        if seen.count("PUT") and method == "GET":
            system.city(key, "Kiel")

    system.before_each(between)
    assert write(target_of(system), moved(system, key, "", "Lund")) == ["unknown"]
    assert read(target_of(system))[key]["city"] == "Kiel"


def test_a_system_that_is_down_ends_the_batch_and_the_same_batch_goes_on(system: System):
    notes, down = Notes(), "error"
    asked = [new(system, "a"), new(system, "b")]
    system.trouble(down, "GET", times=99)
    with pytest.raises(Unavailable, match="Nothing was changed there"):
        write(target_of(system, notes), *asked)
    assert system.held() == []
    system.fake.trouble.clear()
    assert write(target_of(system, notes), *asked) == ["written", "written"]


@pytest.mark.thorough
def test_too_many_requests_are_waited_for(system: System):
    system.trouble("busy", "POST")
    assert write(target_of(system), new(system, "a")) == ["written"]
    assert len(system.held()) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["cut", "reset", "drip", "error"])
def test_a_list_that_breaks_off_is_asked_for_again(system: System, kind: str):
    keys = [system.add(f"p{n}@x.se") for n in range(3)]
    system.trouble(kind, "GET", path="customers")
    assert sorted(read(target_of(system))) == keys


def test_no_secret_and_no_person_reaches_messages_or_logs(system: System, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    target, texts = target_of(system), []
    for kind in ("drop", "error after", "cut"):
        system.trouble(kind, "POST")
        write(target, new(system, f"marked-{kind.replace(' ', '-')}"), batch=batch(len(texts) + 1))
        texts += target.reasons(batch(len(texts) + 1)) or ("-",)
    system.trouble("error", "GET", times=99)
    with pytest.raises(Unavailable) as problem:
        read(target)
    said = f"{caplog.text}{texts}{problem.value!r}{problem.value.__cause__!r}{target!r}{vars(target._register)!r}"
    secrets = [text for name, text in system.keys().items() if name.endswith(("_key", "_secret", "_token"))]
    planted = [*secrets, "marked-", "ada@example.test", "x.se"]
    assert [word for word in planted if word in said] == []
    assert secrets
