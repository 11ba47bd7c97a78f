"""The open systems: one object, opened once, seen by all that is called and by its threads, and closed at the end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from infra.context import Systems, ledger, opened, settings, systems, systems_here, target, thread_pool
from infra.processes import Heartbeats
from infra.settings import Settings
from infra.systems import open_systems, systems_of
from schemas.problems import Bug, Refused


@pytest.fixture
def of_a_shop(tmp_path: Path) -> Systems:
    """Systems whose databases are files; nobody has opened them."""
    return systems_of(Settings(home=tmp_path))


@pytest.fixture
def opened_here(of_a_shop: Systems) -> Iterator[Systems]:
    with opened(of_a_shop):
        yield of_a_shop


def test_without_open_systems_it_is_said_how_to_open_them():
    with pytest.raises(Bug, match="open_systems"):
        settings()


def test_they_are_seen_inside_and_not_after(of_a_shop: Systems):
    with opened(of_a_shop):
        assert settings() is of_a_shop.settings
    assert systems_here() is None


def test_what_is_inside_may_open_others_for_a_while(opened_here: Systems):
    with opened(systems_of(Settings(currency="SEK"))):
        assert settings().currency == "SEK"
    assert systems() is opened_here


def test_a_flow_works_with_the_systems_that_its_command_opened(opened_here: Systems):
    with open_systems() as of_the_flow:
        assert of_the_flow is opened_here
    assert ledger().list_runs(1) == ()


def test_each_is_opened_when_it_is_first_asked_for_and_once(tmp_path: Path, opened_here: Systems):
    assert not (tmp_path / "ledger.sqlite").exists()
    assert ledger() is ledger()
    assert (tmp_path / "ledger.sqlite").exists()
    assert target("sql") is target("sql")
    assert target("memory") is target("memory") is not target("sql")


def test_a_way_to_invite_people_is_no_target(opened_here: Systems):
    with pytest.raises(Refused, match="mail holds no records"):
        target("mail")


def test_threads_of_a_pool_see_them(opened_here: Systems):
    with thread_pool(2) as pool:
        assert pool.submit(systems).result() is opened_here


def test_threads_that_ask_at_the_same_time_get_the_same_system(opened_here: Systems):
    met = Barrier(8)

    def ask() -> object:
        met.wait()
        return target("memory")

    with thread_pool(8) as pool:
        assert len({id(each.result()) for each in [pool.submit(ask) for _ in range(8)]}) == 1


def test_a_bare_thread_does_not_see_them(opened_here: Systems):
    with ThreadPoolExecutor() as pool:
        assert pool.submit(systems_here).result() is None


def test_a_heartbeat_sees_them(opened_here: Systems):
    seen: list[Systems | None] = []
    beaten = Event()

    def beat() -> None:
        seen.append(systems_here())
        beaten.set()

    opened_here.heartbeats.start("run", beat, 0.001)
    assert beaten.wait(60)
    assert seen[0] is opened_here


def test_heartbeats_that_were_forgotten_end_with_the_systems(of_a_shop: Systems):
    with opened(of_a_shop):
        of_a_shop.heartbeats.start("run", lambda: None, 3600)
    assert not of_a_shop.heartbeats.end("run")


def test_a_heartbeat_is_started_once():
    with Heartbeats() as heartbeats:
        for _ in range(2):
            heartbeats.start("run", lambda: None, 3600)
        assert heartbeats.end("run")
        assert not heartbeats.end("run")


def test_databases_are_closed_at_the_end(of_a_shop: Systems):
    with opened(of_a_shop):
        pool = ledger().engine.pool
        assert pool.checkedin() == 1  # type: ignore[attr-defined]
    assert ledger_connections(of_a_shop) == 0


def ledger_connections(of: Systems) -> int:
    pool: Any = of.ledger().engine.pool
    return int(pool.checkedin())


def test_a_test_puts_another_system_in_place_of_one(of_a_shop: Systems):
    other: Any = object()
    with opened(replace(of_a_shop, ledger=lambda: other)):
        assert ledger() is other
