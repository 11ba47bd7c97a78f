"""Workers write where their run writes, by the same code, or not at all."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import sleep
from unittest.mock import Mock

import polars as pl
import pytest
from distributed import Client, LocalCluster

from infra.artifacts.pieces import drop_stored_pieces
from infra.context import opened
from infra.pieces import PiecesInBucket
from infra.settings import Settings
from infra.systems import systems_of
from infra.workers import on_worker, places
from infra.workers.dask import DaskWorkers, open_dask
from infra.workers.on_worker import perform
from infra.workers.places import expect_shared, places_of
from schemas.problems import Refused, SettingsNeedFixing, Unavailable
from tests.fakes.memory_store import memory_store

SHARED = {
    "ledger_url": "postgresql://till:secret@10.0.0.9/ledger",
    "target_url": "postgresql://till:secret@10.0.0.9/target",
    "s3_endpoint_url": "https://s3.example.com",
}


def settings_with(**changed: str) -> Settings:
    return Settings(**{"dask_scheduler": "tcp://10.0.0.5:8786", **SHARED, **changed})


def test_workers_of_other_machines_share_what_all_of_them_reach():
    expect_shared(settings_with())


def test_workers_of_this_machine_share_its_files():
    expect_shared(Settings(dask_scheduler="tcp://127.0.0.1:8786"))


@pytest.mark.parametrize(
    "own",
    [
        {"ledger_url": ""},
        {"target_url": ""},
        {"s3_endpoint_url": ""},
        {"target_url": "sqlite:////shared/target.sqlite"},
        {"ledger_url": "postgresql://till@localhost/ledger"},
        {"ledger_url": "postgresql://till@/ledger?host=/var/run/postgresql"},
        {"s3_endpoint_url": "http://[::1]:8333"},
    ],
    ids=str,
)
def test_what_each_machine_has_of_its_own_is_named_before_a_worker_is_asked(own: Mapping[str, str]):
    (name,) = own
    with pytest.raises(SettingsNeedFixing, match=f"but what COUNTERFOIL_{name.upper()} says"), ExitStack() as closing:
        open_dask(settings_with(**own), closing)


def test_a_password_that_differs_is_no_other_place_but_a_schema_is():
    there = places_of(settings_with())

    assert places_of(settings_with(ledger_url="postgresql://till@10.0.0.9/ledger")) == there
    assert places_of(settings_with(ledger_url="postgresql://till@10.0.0.9/ledger?options=-csearch_path%3Da")) != there


def test_a_worker_with_other_code_does_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("COUNTERFOIL_HOME", str(tmp_path))
    here, asked = places_of(Settings(home=tmp_path)), []
    monkeypatch.setattr(places, "newest_version", lambda tree: f"0001 of {tree}")

    try:
        answered = perform(asked.append, "a batch", "", here)
    finally:
        on_worker._systems_of_shop.cache_clear()

    assert asked == []
    assert isinstance(answered.problem, SettingsNeedFixing)
    assert "another version of Counterfoil" in str(answered.problem)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_on_its_way_is_dropped_and_nothing_of_another():
    store = memory_store()
    for place in ("pieces/aaaa00000001/", "pieces/bbbb00000002/"):
        PiecesInBucket(store).put(place, pl.DataFrame({"number": ["GC1"]}), passing=True)

    with opened(replace(systems_of(Settings()), storage=lambda: store)):
        drop_stored_pieces("aaaa00000001")

    (left,) = store.list("pieces/")
    assert left.key.startswith("pieces/bbbb00000002/")


def test_workers_of_a_run_that_do_not_come_up_say_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("distributed.LocalCluster", Mock(side_effect=RuntimeError("Nanny failed to start.")))

    with pytest.raises(Unavailable, match="COUNTERFOIL_DASK_WORKERS lower"), ExitStack() as closing:
        open_dask(settings_with(dask_scheduler="", dask_workers="2"), closing)


BEGUN, ENDED = Event(), Event()


def fail_beside_another(asked: str) -> None:
    """Fail while another task is under way, which takes a while longer."""
    if asked == "fails":
        BEGUN.wait(30)
        raise Refused("no")
    BEGUN.set()
    sleep(0.5)
    ENDED.set()


def test_what_is_under_way_when_another_task_fails_is_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("COUNTERFOIL_HOME", str(tmp_path))
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        workers = DaskWorkers(client, Settings(home=tmp_path))

        with pytest.raises(Refused):
            list(workers.map(fail_beside_another, ["fails", "goes on"]))

        assert ENDED.is_set()
    on_worker._systems_of_shop.cache_clear()
