"""A large file becomes evidence as it was read, however well its store copies."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from infra.artifacts.run_files import load_bytes, save_copy
from infra.context import opened
from infra.settings import Settings
from infra.storage import Storage
from infra.systems import systems_of
from schemas import file_names
from tests.fakes.memory_store import memory_store

READ, NOW = b"1" * 2**20, b"2" * 2**20
SAYS_NO = ["NotImplemented", "InvalidRequest", "PreconditionFailed", "InvalidArgument"]


def copying(store: Storage, refuses: str = "") -> Storage:
    """Let a store copy whatever version is there, or turn copies away in these words."""
    objects = cast(Any, store.client).objects

    def copy_object(*, Key: str, CopySource: dict[str, str], Metadata: dict[str, str], **_: Any) -> None:  # noqa: N803
        if refuses:
            raise ClientError({"Error": {"Code": refuses}}, "CopyObject")
        objects[Key] = (objects[CopySource["Key"]][0], Metadata)

    cast(Any, store.client).copy_object = copy_object
    return store


@pytest.mark.parametrize("refuses", ["", *SAYS_NO])
def test_what_was_read_is_kept_though_the_store_copies_another_version_or_none(tmp_path: Path, refuses: str):
    store = copying(memory_store(), refuses)
    store.put("inbox/cards.csv", READ)
    found = store.head("inbox/cards.csv")
    assert found is not None
    store.put("inbox/cards.csv", NOW)

    with opened(replace(systems_of(Settings(home=tmp_path)), storage=lambda: store)):
        kept = save_copy("aaaa00000001", file_names.SOURCE, found, READ)
        assert load_bytes(kept) == READ

    assert store.get(kept.key, kept.sha256) == READ
    assert list(store.list("self-test/")) == []
