"""The transport, beside a real server on this machine: when it asks again, what it concludes, and what it tells."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from infra.http.backoff import asked_to_wait
from infra.http.transport import Answer, Call, Edge, Http, Site
from schemas.problems import Declined, Problem, Refused, Unanswered, Unavailable
from tests.fakes.scripted import GONE, Reply, Scripted, scripted

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
LIST = Call(path="orders", what="the list of orders")
NOTE = Call(method="POST", path="orders/7/notes", what="a note", content=b'{"note":"secret-words"}', effect="once")
MARK = Call(method="PUT", path="orders/7", what="a mark", content=b'{"secret-words":1}', effect="repeatable")
PAGE = Reply(503, "<html>Briefly unavailable for scheduled maintenance.</html>")


@dataclass
class Time:
    """A clock that only sleeping moves."""

    slept: list[float] = field(default_factory=list)

    def edge(self) -> Edge:
        return Edge(now=lambda: NOON, clock=lambda: sum(self.slept), sleep=self.slept.append, chance=lambda: 1.0)


def ask(server: Scripted, call: Call, time: Time | None = None, **site: Any) -> Answer:
    with Http(Site(name="The web shop", url=f"{server.url}/shop/api", **site), (time or Time()).edge()) as http:
        return http.ask(call)


def problem(server: Scripted, call: Call, **site: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        ask(server, call, **site)
    return caught.value


def test_an_answer_is_its_bytes_and_what_they_say_with_numbers_as_they_were_written():
    with scripted(Reply(body='{"price": 7.10, "rate": 1e-7}', headers={"X-WP-Total": "3"})) as server:
        answer = ask(server, LIST)
    assert answer.data == {"price": Decimal("7.10"), "rate": Decimal("1e-7")}
    assert str(answer.data["price"]) == "7.10"
    assert (answer.content, answer.headers["x-wp-total"]) == (b'{"price": 7.10, "rate": 1e-7}', "3")


def test_a_site_in_a_folder_keeps_its_folder():
    with scripted(Reply()) as server:
        ask(server, Call(path="/orders", what="orders", params={"page": "1", "sku": "a b,ö"}))
    assert (server.asked[0].path, server.asked[0].query) == ("/shop/api/orders", "page=1&sku=a+b%2C%C3%B6")


@pytest.mark.parametrize(
    "fault", [GONE, PAGE, Reply(500), Reply(429), Reply(200, "<html>"), Reply(200, "[1", promised=9)]
)
@pytest.mark.parametrize("call", [LIST, MARK])
def test_what_may_be_repeated_is_asked_again_ever_more_slowly(call: Call, fault: Reply | str):
    time = Time()
    with scripted(fault, fault, fault, Reply(body="[]")) as server:
        assert ask(server, call, time).data == []
    assert (len(server.asked), time.slept) == (4, [1.0, 2.0, 4.0])


@pytest.mark.parametrize("fault", [GONE, PAGE, Reply(500, '{"code":"internal"}'), Reply(504), Reply(200, "<html>")])
def test_a_write_that_may_have_landed_is_never_sent_twice(fault: Reply | str):
    with scripted(fault, Reply()) as server:
        assert isinstance(problem(server, NOTE), Unanswered)
    assert len(server.asked) == 1


def test_a_write_that_the_system_did_not_take_is_sent_again():
    with scripted(Reply(429), Reply(201)) as server:
        assert ask(server, NOTE).status == 201


def test_a_write_that_never_left_is_sent_again_and_then_nothing_was_done():
    with scripted() as server:
        pass
    found = problem(server, NOTE)
    assert isinstance(found, Unavailable)
    assert not isinstance(found, Unanswered)
    assert str(found) == "The web shop cannot be reached: a note, asked 5 times. Nothing was changed there."


def test_a_repeated_write_may_have_landed_the_first_time():
    with scripted(GONE, Reply(429), Reply(429), Reply(429), Reply(429)) as server:
        assert isinstance(problem(server, MARK), Unanswered)


def test_a_read_that_fails_each_time_changed_nothing():
    with scripted(*[PAGE] * 5) as server:
        found = problem(server, LIST)
    assert (
        str(found) == "The web shop is not ready (503): the list of orders, asked 5 times. Nothing was changed there."
    )


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sunday, 01-Mar-26 12:00:05 GMT", 5.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("", 0.0),
        (None, 0.0),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float):
    assert asked_to_wait(header, NOON) == seconds


def test_the_wait_that_is_asked_for_is_kept_and_somewhat_more():
    time = Time()
    with scripted(Reply(429, headers={"Retry-After": "20"}), Reply()) as server:
        ask(server, LIST, time)
    assert time.slept == [21.0]


def test_whoever_asks_for_a_longer_wait_than_we_have_patience_for_is_left_alone():
    with scripted(Reply(503, headers={"Retry-After": "3600"}), Reply()) as server:
        found = problem(server, LIST)
    assert "asks to be left alone for 3600 seconds" in str(found)
    assert len(server.asked) == 1


def test_a_no_is_told_with_the_vendors_code_and_not_repeated():
    body = '{"code":"woocommerce_rest_cannot_view","message":"ada@example.com may not","data":{"status":401}}'
    with scripted(Reply(401, body)) as server:
        found = problem(server, LIST)
    assert isinstance(found, Declined)
    assert (found.status, found.code) == (401, "woocommerce_rest_cannot_view")
    assert str(found) == (
        "The web shop refused the list of orders (401). Check its keys and what they may do. "
        "(woocommerce_rest_cannot_view)"
    )


def test_a_code_that_is_no_code_is_not_told():
    with scripted(Reply(400, '{"code":"no ada@example.com here"}')) as server:
        assert "example" not in str(problem(server, LIST))


@pytest.mark.parametrize("call", [LIST, NOTE, MARK])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_follows_a_redirect_and_its_query_is_not_told(call: Call, status: int):
    reply = Reply(status, headers={"Location": "https://user:pw@www.shop.example/api/orders?consumer_secret=cs_1"})
    with scripted(reply, Reply()) as server:
        found = problem(server, call)
    assert isinstance(found, Refused)
    assert "https://www.shop.example/api/orders. Correct" in str(found)
    assert len(server.asked) == 1


def test_a_firewalls_page_is_no_answer_to_a_read_and_leaves_a_write_open():
    with scripted(Reply(403, "<html>Not Acceptable!"), Reply(403, "<html>Not Acceptable!")) as server:
        assert type(problem(server, LIST)) is Unavailable
        assert type(problem(server, NOTE)) is Unanswered
    assert len(server.asked) == 2


def test_files_may_be_anything():
    with scripted(Reply(200, "a,b\n")) as server:
        assert ask(server, Call(path="export", what="the export", expects="file")).content == b"a,b\n"


def test_an_answer_that_does_not_end_is_not_read_to_the_end():
    with scripted(*[Reply(body="[" + "1," * 5000 + "1]")] * 5) as server:
        assert "broke off" in str(problem(server, LIST, max_bytes=1000))


def test_keys_go_to_no_other_system():
    with scripted(Reply()) as server:
        assert "another system" in str(problem(server, Call(path="https://elsewhere.example/next", what="more")))
        ask(server, Call(path=f"{server.url}/shop/api/next?page=2", what="more"))
    assert [asked.path for asked in server.asked] == ["/shop/api/next"]


def test_so_many_a_minute():
    time = Time()
    with (
        scripted(Reply(), Reply()) as server,
        Http(Site(name="The web shop", url=server.url, per_minute=120), time.edge()) as http,
    ):
        http.ask(LIST)
        http.ask(LIST)
    assert time.slept == [0.5, 0.5]


def test_connections_to_one_site_share_its_pace_and_those_to_others_do_not():
    time = Time()
    edge = time.edge()
    with scripted(Reply(), Reply()) as server, scripted(Reply()) as other:
        sites = [Site(name="The web shop", url=url, per_minute=120) for url in (server.url, server.url, other.url)]
        with Http(sites[0], edge) as first, Http(sites[1], edge) as second, Http(sites[2], edge) as third:
            for http in (first, second, third):
                http.ask(LIST)
    assert time.slept == [0.5, 0.5, 0.0]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY", "all_proxy"])
def test_this_machine_is_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with scripted(Reply(body="[]")) as server:
        assert ask(server, LIST).data == []


def signed() -> httpx.Auth:
    return httpx.BasicAuth("ck_key", "cs_secret")


@pytest.mark.parametrize("make", [lambda: Reply(401, '{"code":"x","message":"secret-words"}'), lambda: GONE])
def test_neither_keys_nor_queries_nor_bodies_are_ever_told(
    caplog: pytest.LogCaptureFixture, make: Callable[[], Reply | str]
):
    caplog.set_level(logging.DEBUG)
    asks = Call(method="POST", path="orders", what="orders", params={"q": "secret-words"}, content=b"secret-words")
    with scripted(*[make()] * 5) as server:
        found = problem(server, asks, auth=signed())
    told = f"{caplog.text} {found!r} {found} {asks!r} {found.__cause__!r} {Site(name='x', url='y', auth=signed())!r}"
    assert not any(word in told for word in ("secret-words", "cs_secret", "ck_key", "Y2tfa2V5"))
    assert server.asked[0].headers["Authorization"].startswith("Basic ")
