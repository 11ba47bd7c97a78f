"""Evidence that is stored while the run goes on: joined before the run relies on it, and never entered before."""

import time
import weakref
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import polars as pl
import pytest

from infra.artifacts.partitions import save_divided
from infra.artifacts.run_files import load_bytes, save_beside, save_bytes, save_copy
from infra.context import Systems, ledger, opened, storage, uploads
from infra.settings import Settings
from infra.storage import Storage
from infra.systems import systems_of
from infra.uploads import Uploads
from schemas import file_names
from schemas.problems import FileNeedsFixing, Refused, Unavailable
from tests.databases import new_database

RUN = "ab12cd34ef56"
LARGE = b"7" * 2**20


@pytest.fixture
def systems(s3_settings: Settings, tmp_path: Path) -> Systems:
    """A store and an empty ledger."""
    new_database(tmp_path / "ledger.sqlite", "ledger").dispose()
    return systems_of(s3_settings.model_copy(update={"ledger_url": f"sqlite:///{tmp_path}/ledger.sqlite"}))


def names_of(run_id: str) -> list[str]:
    return [artifact.name for artifact in ledger().list_artifacts(run_id)]


def test_nothing_is_entered_before_it_is_stored_and_all_in_the_order_it_was_begun():
    done, may_end = list[str](), Event()

    def store_first() -> None:
        may_end.wait(10)
        done.append("first is stored")

    with ExitStack() as closing:
        begun = Uploads(closing=closing)
        begun.begin(store_first)
        begun.then(lambda: done.append("first is entered"))
        begun.begin(lambda: done.append("second is stored"))
        begun.then(lambda: done.append("second is entered"))
        assert done == []
        may_end.set()
        begun.join()

    assert done.index("first is stored") < done.index("first is entered")
    assert done.index("first is stored") < done.index("second is stored") < done.index("second is entered")
    assert len(done) == 4


def test_where_nothing_is_on_its_way_what_is_due_is_done_at_once():
    done = list[str]()
    with ExitStack() as closing:
        Uploads(closing=closing).then(lambda: done.append("entered"))
    assert done == ["entered"]


def test_a_store_that_did_not_answer_beside_is_asked_again_and_the_run_is_told_if_it_still_does_not():
    done, answers = list[str](), iter([Unavailable("down"), Unavailable("still down"), None])

    def store() -> None:
        if problem := next(answers):
            raise problem
        done.append("stored")

    with ExitStack() as closing:
        begun = Uploads(closing=closing)
        begun.begin(store)
        begun.then(lambda: done.append("entered"))
        with pytest.raises(Unavailable, match="still down"):
            begun.join()
        assert done == []
        begun.join()  # the step is tried again

    assert done == ["stored", "entered"]


def test_what_a_store_refuses_ends_the_run_and_is_entered_nowhere():
    done = list[str]()

    def store() -> None:
        raise Refused("something else lies there")

    with ExitStack() as closing:
        begun = Uploads(closing=closing)
        begun.begin(store)
        begun.then(lambda: done.append("entered"))
        for _ in range(2):
            with pytest.raises(Refused):
                begun.join()
    assert done == []


def test_what_is_stored_is_held_no_longer_although_nobody_waits_for_it_yet():
    class Content:
        pass

    content = Content()
    held = weakref.ref(content)
    with ExitStack() as closing:
        begun = Uploads(closing=closing)
        begun.begin(partial(setattr, content, "is_stored", True))
        del content
        until = time.monotonic() + 10
        while held() and time.monotonic() < until:
            time.sleep(0.01)
        assert held() is None


def test_a_large_file_is_there_when_the_run_ends(systems: Systems, s3: Storage):
    with opened(systems):
        artifact = save_beside(RUN, file_names.CHANGES, LARGE)
        assert load_bytes(artifact) == LARGE
        uploads().join()
        assert names_of(RUN) == ["changes.parquet"]
    assert s3.get(artifact.key) == LARGE


def test_what_the_run_stores_itself_is_entered_although_something_large_is_still_on_its_way(systems: Systems):
    may_end = Event()
    with opened(systems):
        uploads().begin(partial(may_end.wait, 10))
        save_bytes(RUN, file_names.WANTED, b"small")
        assert names_of(RUN) == [file_names.WANTED]
        may_end.set()


def test_a_file_that_lists_partitions_is_entered_after_them(systems: Systems):
    may_end = Event()
    with opened(systems):
        uploads().begin(partial(may_end.wait, 10))
        rows = pl.DataFrame({"line": [1, 2], "key": ["a", "b"]})
        save_divided(RUN, file_names.ACCEPTED, rows, key="key", by="line", partitions=2)
        assert names_of(RUN) == []
        may_end.set()
        uploads().join()
        assert names_of(RUN)[-1] == file_names.ACCEPTED
        assert len(names_of(RUN)) == 3


def test_a_large_file_of_a_run_that_failed_is_stored_too(systems: Systems, s3: Storage):
    with pytest.raises(FileNeedsFixing, match="no numbers"), opened(systems):
        artifact = save_beside(RUN, file_names.CHANGES, LARGE)
        raise FileNeedsFixing("There are no numbers in it.")
    assert s3.get(artifact.key) == LARGE
    with opened(systems_of(systems.settings)):
        assert names_of(RUN) == ["changes.parquet"]


def test_what_is_not_kept_at_hand_is_waited_for_when_it_is_read(systems: Systems):
    with opened(replace(systems, recent_files=type(systems.recent_files)(most_bytes=3))):
        assert load_bytes(save_beside(RUN, file_names.CHANGES, LARGE)) == LARGE


def test_a_file_that_was_replaced_meanwhile_is_sent_as_it_was_read(systems: Systems):
    with opened(systems):
        storage().put("inbox/cards.csv", LARGE)
        found = storage().head("inbox/cards.csv")
        storage().put("inbox/cards.csv", b"another")
        assert found
        artifact = save_copy(RUN, file_names.SOURCE, found, LARGE)
        uploads().join()
        assert storage().get(artifact.key) == LARGE
        assert names_of(RUN) == [artifact.name]
