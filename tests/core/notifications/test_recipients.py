"""Who is told: the owner, or else the people of the shop whose business it is."""

import pytest

from schemas.notifications import NOTIFICATION_KINDS, USUAL_KINDS, NotificationKind
from schemas.people import Person, Role
from tasks.core.notifications.recipients import named_recipients, people_to_tell


def person(
    name: str, *roles: Role, shop: str = "lyon", email: str = "a@example.com", mailed_about: object = USUAL_KINDS
):
    return Person(
        person_id=name.lower(), name=name, roles={shop: frozenset(roles)}, email=email, mailed_about=mailed_about
    )  # type: ignore[arg-type]


MARIA, OTTO = person("Maria", "submit"), person("Otto", "submit", "approve")
ADA, LOUIS = person("Ada", "approve"), person("Louis", "look")
ELSEWHERE, SILENT = person("Elsa", "submit", "approve", shop="nice"), person("Sven", "submit", "approve", email="")
BUSY = person("Bo", "submit", "approve", mailed_about=("crashed", "summary"))
EVERYBODY = (MARIA, OTTO, ADA, LOUIS, ELSEWHERE, SILENT, BUSY)


def told(kind: NotificationKind, *, owner: str = "", submitted_by: str = "", four_eyes: bool = False) -> list[str]:
    found = people_to_tell(kind, EVERYBODY, shop="lyon", owner=owner, submitted_by=submitted_by, four_eyes=four_eyes)
    return [each.name for each in found]


@pytest.mark.parametrize(
    ("kind", "owner", "submitted_by", "names"),
    [
        ("needs_approval", "", "", ["Otto", "Ada"]),
        ("needs_approval", "", "Maria", ["Otto", "Ada"]),
        ("needs_approval", "ada", "Maria", ["Ada"]),
        ("failed", "", "", ["Maria", "Otto"]),
        ("failed", "", "schedule", ["Maria", "Otto"]),
        ("failed", "", "maria", ["Maria"]),
        ("failed", "Otto", "Maria", ["Otto"]),
        ("failed", "Sven", "", ["Maria", "Otto"]),
        ("crashed", "", "", ["Maria", "Otto", "Bo"]),
        ("rejects", "", "Ada", ["Maria", "Otto"]),
        ("recovered", "", "", ["Maria", "Otto"]),
        ("summary", "", "", ["Bo"]),
    ],
)
def test_the_owner_is_told_or_whoever_submitted_or_all_whose_business_it_is(
    kind: NotificationKind, owner: str, submitted_by: str, names: list[str]
):
    assert told(kind, owner=owner, submitted_by=submitted_by) == names


def test_what_is_undone_waits_for_who_may_undo():
    uma, shop = person("Uma", "undo"), {"shop": "lyon", "owner": "", "submitted_by": "Otto", "four_eyes": False}
    found = people_to_tell("needs_approval", (*EVERYBODY, uma), confirmed_by="undo", **shop)  # type: ignore[arg-type]
    assert [each.name for each in found] == ["Uma"]


def test_where_two_have_to_look_whoever_submitted_is_not_asked_to_approve():
    assert told("needs_approval", submitted_by="Otto") == ["Otto", "Ada"]
    assert told("needs_approval", submitted_by="Otto", four_eyes=True) == ["Ada"]
    assert told("needs_approval", owner="Otto", submitted_by="Otto", four_eyes=True) == ["Ada"]


@pytest.mark.parametrize("kind", NOTIFICATION_KINDS)
def test_nobody_without_an_address_or_of_another_shop_is_told_of_anything(kind: NotificationKind):
    assert not {"Sven", "Elsa"} & set(told(kind))


def test_the_ledger_names_no_address():
    named = named_recipients([MARIA], "owner@example.com, ops@example.com", "slack-webhook/shop")

    assert [name.partition(":")[0] for name in named] == ["person", "address", "address", "block"]
    assert "@" not in "".join(named)
