"""What only a WooCommerce shop does with customers: other users, its own mail, cleaned names, a list that moves."""

from collections.abc import Iterator

import pytest

from infra.connectors.web_customers.target import WebCustomers
from infra.connectors.woocommerce.api import open_woocommerce
from infra.connectors.woocommerce.customers import CAN, WooRegister
from infra.http.transport import Edge
from infra.settings import Settings
from schemas.problems import Unavailable
from schemas.records import BatchName
from tests.fakes.woocommerce import Fake, Request, woocommerce
from tests.web_customers import FIRST, Notes, WooSystem, change, issued, person, read, target_of, write

SECOND = BatchName(plan_id="p", number=2, run_id="r")


@pytest.fixture
def fake() -> Iterator[Fake]:
    with woocommerce() as fake:
        yield fake


@pytest.fixture
def system(fake: Fake) -> WooSystem:
    return WooSystem(fake)


def test_addresses_stand_in_their_own_places(system: WooSystem):
    cells = {"street": "Rue Haute 12", "city": "Bruxelles", "country": "BE", "phone": "+32470", "region": "BRU"}
    shipping = {f"shipping_{name}": f"ship {name}" for name in ("company", "street", "address_2", "postcode", "city")}
    target = target_of(system)
    assert write(target, change("new:a", None, person(email="a@x.se", **cells, **shipping))) == ["written"]
    (user,) = system.fake.shop.users.users.values()
    assert {name: user["billing"][name] for name in ("address_1", "city", "country", "phone", "state")} == {
        "address_1": "Rue Haute 12",
        "city": "Bruxelles",
        "country": "BE",
        "phone": "+32470",
        "state": "BRU",
    }
    assert (user["shipping"]["address_1"], user["shipping"]["company"]) == ("ship street", "ship company")
    assert "password" not in str(system.fake.asked[-1].body)


def test_only_customers_are_read_and_no_other_user_is_written(system: WooSystem):
    users = system.fake.shop.users
    admin, key = str(users.add("boss@x.se", role="administrator")), system.add("a@x.se")
    target = target_of(system)
    assert (set(read(target)), set(read(target, admin, key))) == ({key}, {key})
    asked = [person(email="boss@x.se", city=city) for city in ("", "Lund")]
    assert write(target, change(admin, *asked), change("new:b", None, asked[0])) == ["conflict", "conflict"]
    assert system.fake.paths("PUT") + system.fake.paths("POST") == []


@pytest.mark.parametrize("shown", [True, False])
def test_nobody_is_created_while_the_shop_would_mail_them_or_does_not_say(system: WooSystem, shown: bool):
    users = system.fake.shop.users
    users.mails_new_accounts, users.shows_settings = shown, shown
    target = target_of(system)
    assert write(target, change("new:a", None, person(email="a@x.se"))) == ["refused"]
    assert "Switch off WooCommerce > Settings > Emails > New account" in target.reasons(FIRST)[0]
    assert (system.held(), users.mailed) == ([], [])


def test_the_shop_may_mail_whoever_is_created_where_that_is_accepted(system: WooSystem):
    system.fake.shop.users.mails_new_accounts = True
    register = WooRegister(open_woocommerce(Settings(**system.keys()), Edge(sleep=lambda _: None)), may_mail=True)
    target = WebCustomers("woocommerce_customers", CAN, register, journal=Notes(), issued=Notes())
    assert write(target, change("new:a", None, person(email="a@x.se"))) == ["written"]
    assert system.fake.shop.users.mailed == ["a@x.se"]


def test_whether_the_shop_mails_is_asked_once_a_batch(system: WooSystem):
    target = target_of(system)
    write(target, *(change(f"new:{n}", None, person(email=f"{n}@x.se")) for n in range(4)))
    assert [path for path in system.fake.paths() if path.startswith("settings")] == [
        "settings/email_customer_new_account/enabled"
    ]


def test_a_customer_who_has_bought_since_is_not_removed(system: WooSystem):
    target = target_of(system)
    write(target, change("new:a", None, person(email="a@x.se")))
    (key,) = issued(target, "new:a").values()
    system.fake.shop.users.users[int(key)]["is_paying_customer"] = True
    assert write(target, change(key, person(email="a@x.se"), None), batch=SECOND) == ["refused"]
    assert system.held() == [(key, "a@x.se")]


def test_removed_is_for_good_and_said_to_the_shop_so(system: WooSystem):
    target = target_of(system)
    write(target, change("new:a", None, person(email="a@x.se")))
    (key,) = issued(target, "new:a").values()
    assert write(target, change(key, person(email="a@x.se"), None), batch=SECOND) == ["written"]
    (request,) = [request for request in system.fake.asked if request.method == "DELETE"]
    assert request.params["force"] == "true"


def test_an_address_that_is_taken_meanwhile_is_refused_with_the_shops_reason(system: WooSystem):
    def meanwhile(fake: Fake, request: Request) -> None:
        if request.method == "POST" and not fake.shop.users.users:
            fake.shop.users.add("a@x.se")

    system.fake.between = meanwhile
    target = target_of(system)
    assert write(target, change("new:a", None, person(email="a@x.se"))) == ["refused"]
    assert "registration-error-email-exists" in target.reasons(FIRST)[0]
    assert len(system.held()) == 1


def test_a_list_that_moves_while_it_is_read_is_not_believed(system: WooSystem):
    keys = [system.add(f"p{n}@x.se") for n in range(250)]

    def delete(fake: Fake, request: Request) -> None:
        if request.params.get("offset") == "99":
            fake.shop.users.users.pop(int(keys[0]), None)

    system.fake.between = delete
    target = target_of(system)
    with pytest.raises(Unavailable, match="changed while it was read"):
        read(target)
    assert sorted(read(target)) == sorted(keys[1:])


@pytest.mark.parametrize("many", [0, 1, 99, 100, 101, 198, 199, 200, 201])
def test_a_list_of_any_length_is_whole(system: WooSystem, many: int):
    keys = [system.add(f"p{n}@x.se") for n in range(many)]
    assert sorted(read(target_of(system)), key=int) == keys
