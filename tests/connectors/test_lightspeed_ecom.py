"""What only Lightspeed eCom does: its lists, its budgets, its groups, its mails, and empties that arrive as false."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from infra.connectors.lightspeed_ecom.api import EcomApi, open_ecom
from infra.http.transport import Edge
from infra.settings import Settings
from schemas.capabilities import CallWindow
from schemas.problems import BudgetSpent, Declined, Refused, SettingsNeedFixing, Unavailable
from tests.fakes.ecom import Fake, Trouble, ecom
from tests.fakes.ecom_shop import NOTIFY
from tests.web_customers import FIRST, EcomSystem, Notes, change, issued, person, read, target_of, write

START = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)


class Clock:
    """A time that tests move on; waiting moves it too."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def edge(self) -> Edge:
        return Edge(now=self, sleep=lambda seconds: None)


@pytest.fixture
def fake() -> Iterator[Fake]:
    with ecom() as fake:
        yield fake


@pytest.fixture
def system(fake: Fake) -> EcomSystem:
    return EcomSystem(fake)


@pytest.fixture
def clock(fake: Fake) -> Clock:
    clock = Clock()
    fake.clock = clock
    return clock


def api(fake: Fake) -> EcomApi:
    return open_ecom(Settings(**fake.settings), Edge(sleep=lambda _: None))


def test_without_keys_the_settings_are_named():
    with pytest.raises(SettingsNeedFixing, match="COUNTERFOIL_ECOM_KEY and COUNTERFOIL_ECOM_SECRET"):
        open_ecom(Settings())


@pytest.mark.parametrize("url", ["https://api.webshopapp.com", "https://api.shoplightspeed.com"])
def test_both_clusters_are_spoken_to_in_the_language_of_the_shop(url: str):
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(200, json={"count": 3})

    edge = Edge(transport=httpx.MockTransport(answer), sleep=lambda _: None)
    keys = {"ecom_url": url, "ecom_key": "k", "ecom_secret": "s", "ecom_language": "fr"}
    assert open_ecom(Settings(**keys), edge).count("customers") == 3
    assert seen == [f"{url}/fr/customers/count.json"]


def test_wrong_keys_are_told_as_such(fake: Fake):
    settings = Settings(**fake.settings | {"ecom_secret": "wrong"})
    with pytest.raises(Declined, match="Check its keys"):
        open_ecom(settings, Edge(sleep=lambda _: None)).count("customers")


def test_a_list_goes_on_after_the_last_id_where_ids_rise(fake: Fake):
    ids = [fake.shop.add(email=f"p{n}@x.se") for n in range(600)]
    assert [row["id"] for row in api(fake).everything("customers", lambda: 600)] == ids
    assert [request.params["since_id"] for request in fake.asked] == ["0", str(ids[249]), str(ids[499]), str(ids[599])]


@pytest.mark.parametrize("oddity", [{"honours_since_id": False}, {"newest_first": True}])
def test_a_list_is_read_by_pages_where_ids_do_not_lead_on(fake: Fake, oddity: dict[str, bool]):
    ids = {fake.shop.add(email=f"p{n}@x.se") for n in range(600)}
    vars(fake.shop).update(oddity)
    shop = api(fake)
    assert {row["id"] for row in shop.everything("customers", lambda: shop.count("customers"))} == ids


@pytest.mark.parametrize("counted", [True, False])
def test_a_list_that_shows_the_same_page_for_ever_is_given_up(fake: Fake, counted: bool):
    for n in range(300):
        fake.shop.add(email=f"p{n}@x.se")
    fake.shop.honours_since_id, fake.shop.endless = False, True
    shop = api(fake)
    with pytest.raises(Refused, match="does not end"):
        shop.everything("customers", (lambda: shop.count("customers")) if counted else None)
    assert len(fake.asked) < 8


def test_a_list_without_an_end_is_given_up(fake: Fake):
    fake.between = lambda fake, _: [fake.shop.add(email="a@x.se") for _ in range(250)] and None
    shop = api(fake)
    with pytest.raises(Refused, match="does not end"):
        shop.everything("customers", lambda: shop.count("customers"))


def test_a_list_by_pages_that_moved_while_it_was_read_is_not_believed(fake: Fake):
    ids = [fake.shop.add(email=f"p{n}@x.se") for n in range(600)]
    fake.shop.honours_since_id = False

    def delete(page: int) -> None:
        if page == 3:
            del fake.shop.customers[ids[0]]

    fake.shop.before_list = delete
    shop = api(fake)
    with pytest.raises(Unavailable, match="changed while it was read"):
        shop.everything("customers", lambda: shop.count("customers"))


def test_what_is_deleted_while_a_list_goes_by_ids_leaves_nobody_out(fake: Fake):
    ids = [fake.shop.add(email=f"p{n}@x.se") for n in range(600)]
    fake.shop.before_list = lambda page: fake.shop.customers.pop(ids[page], None) and None
    shop = api(fake)
    found = {row["id"] for row in shop.everything("customers", lambda: shop.count("customers"))}
    assert set(fake.shop.customers) <= found


def test_empty_values_that_arrive_as_false_are_read_as_empty(system: EcomSystem):
    key = system.add("a@x.se")
    assert read(target_of(system))[key] == person(system, email="a@x.se")


def test_nobody_is_asked_to_be_mailed_by_any_write(system: EcomSystem):
    notes, key = Notes(), system.add("b@x.se")
    target = target_of(system, notes)
    rows = [person(system, email="b@x.se", city=city) for city in ("", "Lund")]
    assert write(target, change("new:a", None, person(system, email="a@x.se")), change(key, *rows)) == ["written"] * 2
    sent = [r.body["customer"] for r in system.fake.asked if r.method in ("POST", "PUT")]
    assert [[body[flag] for flag in NOTIFY] for body in sent] == [[False] * 3] * 2
    assert system.fake.shop.mailed == []


def test_a_create_sends_only_what_is_known(system: EcomSystem):
    cells = {"email": "zoe@x.se", "first_name": "Zoé", "last_name": "Dupré", "street": "Rue Haute", "country": "BE"}
    write(target_of(system), change("new:a", None, person(system, **cells)))
    (sent,) = [request.body["customer"] for request in system.fake.asked if request.method == "POST"]
    assert {name: value for name, value in sent.items() if name not in NOTIFY} == {
        "email": "zoe@x.se",
        "firstname": "Zoé",
        "lastname": "Dupré",
        "language": "en",
        "isConfirmed": False,
        "isCompany": False,
        "addressBillingStreet": "Rue Haute",
        "addressBillingCountry": "be",
    }


def test_who_has_no_last_name_may_change_but_nobody_loses_one(system: EcomSystem):
    nameless, named = str(system.fake.shop.add(email="a@x.se", firstname="Ann")), system.add("b@x.se")
    blank = {"last_name": ""}
    moved = [person(system, email="a@x.se", city=city, **blank) for city in ("", "Lund")]
    emptied = [person(system, email="b@x.se"), person(system, email="b@x.se", **blank)]
    target = target_of(system)
    assert write(target, change(nameless, *moved), change(named, *emptied)) == ["written", "refused"]
    assert target.reasons(FIRST) == ("Lightspeed eCom takes no customer without last_name: fill it in.",)


def test_what_is_taken_and_not_kept_is_said_by_its_column(system: EcomSystem):
    system.fake.shop.redacts = ("phone",)
    target = target_of(system)
    assert write(target, change("new:a", None, person(system, email="a@x.se", phone="+4670"))) == ["written"]
    assert target.reasons(FIRST) == ("The system took a customer and holds something else in: phone.",)


def test_where_the_filter_by_address_shows_others_nothing_is_written(system: EcomSystem):
    system.add("other@x.se")
    system.fake.shop.honours_email = False
    with pytest.raises(Refused, match="does not find customers by their address"):
        write(target_of(system), change("new:a", None, person(system, email="a@x.se")))
    assert system.fake.paths("POST") == []


def test_a_double_of_an_address_does_not_hide_who_was_created(system: EcomSystem):
    system.fake.shop.unique = False
    notes = Notes()
    system.fake.trouble.append(Trouble("drop after", "POST", "customers"))
    asked = change("new:a", None, person(system, email="a@x.se", city="Lund"))
    assert write(target_of(system, notes), asked) == ["written"]
    system.add("a@x.se")
    (key,) = issued(target_of(system, notes), "new:a").values()
    assert system.fake.shop.customers[int(key)]["addressBillingCity"] == "Lund"


# groups


def test_groups_are_read_by_name_and_written_one_by_one(system: EcomSystem):
    shop = system.fake.shop
    vip, club = shop.add_group("VIP"), shop.add_group("Club")
    key = system.add("a@x.se")
    shop.join(vip, int(key))
    target = target_of(system)
    assert read(target)[key]["groups"] == "VIP"
    rows = [person(system, email="a@x.se", groups=groups) for groups in ("VIP", "Club")]
    assert write(
        target, change(key, *rows), change("new:b", None, person(system, email="b@x.se", groups="Club, VIP"))
    ) == [
        "written",
        "written",
    ]
    (new,) = issued(target, "new:b").values()
    assert (shop.groups_of(int(key)), shop.groups_of(int(new))) == ({"Club"}, {"Club", "VIP"})
    assert club in shop.groups and target.reasons(FIRST) == ()
    assert system.fake.paths("PUT") == []  # of the customer itself nothing changed


def test_groups_that_nobody_moves_cost_no_calls(system: EcomSystem):
    key = system.add("a@x.se")
    rows = [person(system, email="a@x.se", city=city) for city in ("", "Lund")]
    write(target_of(system), change(key, *rows))
    assert [request.path for request in system.fake.asked] == [f"customers/{key}"] * 2


def test_a_group_that_is_not_there_is_refused_before_anything_is_written(system: EcomSystem):
    target = target_of(system)
    assert write(target, change("new:a", None, person(system, email="a@x.se", groups="Gold"))) == ["refused"]
    assert target.reasons(FIRST) == ("There is no group 'Gold' in Lightspeed eCom: make it there first.",)
    assert system.held() == []


def test_a_move_between_groups_whose_answer_is_lost_is_settled_by_looking(system: EcomSystem):
    system.fake.shop.add_group("VIP")
    system.fake.trouble.append(Trouble("drop after", "POST", "groups/customers"))
    target = target_of(system)
    assert write(target, change("new:a", None, person(system, email="a@x.se", groups="VIP"))) == ["written"]
    assert len(system.fake.shop.members) == 1


def test_a_customer_whose_groups_did_not_arrive_is_unknown_and_known_as_ours_once_they_are_there(system: EcomSystem):
    shop, notes = system.fake.shop, Notes()
    vip = shop.add_group("VIP")
    system.fake.trouble.append(Trouble("drop", "POST", "groups/customers"))
    target = target_of(system, notes)
    asked = change("new:a", None, person(system, email="a@x.se", groups="VIP"))
    assert write(target, asked) == ["unknown"]
    assert "its groups were not all" in target.reasons(FIRST)[0]
    (key,) = issued(target, "new:a").values()
    assert target_of(system, notes).outcomes(FIRST).to_list() == ["unknown"]
    shop.join(vip, int(key))
    assert target_of(system, notes).outcomes(FIRST).to_list() == ["done"]


# budgets


def test_the_three_budgets_are_those_of_the_last_answer(system: EcomSystem):
    target = target_of(system)
    assert target.windows() == (
        CallWindow(calls=300, seconds=300, left=300),
        CallWindow(calls=3_000, seconds=3_600, left=3_000),
        CallWindow(calls=12_000, seconds=86_400, left=12_000),
    )
    read(target)
    used = len([r for r in system.fake.asked if r.path != "account/ratelimit"])
    assert [window.left for window in target.windows()] == [300 - used, 3_000 - used, 12_000 - used]


@pytest.mark.parametrize(
    ("place", "name", "until"),
    [(0, "five-minute", "23:35"), (1, "hourly", "00:30"), (2, "daily", "23:30")],
)
def test_a_spent_budget_ends_the_batch_between_two_customers_and_it_goes_on_when_it_opens(
    system: EcomSystem, clock: Clock, place: int, name: str, until: str
):
    notes = Notes()
    system.fake.given[place] = 5  # two customers take four
    asked = [change(f"new:{name}", None, person(system, email=f"{name}@x.se")) for name in "abc"]
    with pytest.raises(BudgetSpent, match=f"Waiting for the {name} budget of Lightspeed eCom until {until}$") as spent:
        write(target_of(system, notes, clock.edge()), *asked)
    assert spent.value.opens_at == START + timedelta(seconds=[300, 3_600, 86_400][place])
    assert [email for _, email in system.held()] == ["a@x.se", "b@x.se"]

    clock.at = spent.value.opens_at
    assert write(target_of(system, notes, clock.edge()), *asked) == ["done", "done", "written"]
    assert [email for _, email in system.held()] == ["a@x.se", "b@x.se", "c@x.se"]


def test_a_budget_that_others_spent_is_found_by_asking_and_nothing_was_sent(system: EcomSystem, clock: Clock):
    notes, asked = Notes(), change("new:a", None, person(system, email="a@x.se"))
    target = target_of(system, notes, clock.edge())

    def others_call(fake: Fake, request: object) -> None:
        if request.method == "POST":  # type: ignore[attr-defined]
            fake.used[2] = fake.given[2]

    system.fake.between = others_call
    with pytest.raises(BudgetSpent, match="daily budget"):
        write(target, asked)
    assert (system.held(), notes.recall(FIRST)) == ([], [])
    system.fake.between, clock.at = None, START + timedelta(days=1)
    assert write(target_of(system, notes, clock.edge()), asked) == ["written"]


def test_answers_that_tell_no_budgets_stop_nothing(system: EcomSystem):
    system.fake.tells_budgets = False
    assert write(target_of(system), change("new:a", None, person(system, email="a@x.se"))) == ["written"]
