"""The four ways Lightspeed goes on with a list, and that none of them goes on for ever."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from infra.connectors.lightspeed_x import lists
from infra.connectors.lightspeed_x.lists import VersionPage, by_gift_card, by_offset, by_row_version, by_version
from schemas.problems import Refused

RECORDS = [{"id": f"id-{number}", "version": 10 * number} for number in range(1, 8)]
ENDLESS = "again and again"


def after(version: int, rows: int = 3) -> list[dict[str, Any]]:
    return [record for record in RECORDS if record["version"] > version][:rows]


def version_page(version: int) -> VersionPage:
    page = after(version)
    return VersionPage(rows=tuple(page), newest=page[-1]["version"] if page else None)


def newest_first(before: str) -> list[dict[str, Any]]:
    backwards = RECORDS[::-1]
    start = 1 + [record["id"] for record in backwards].index(before) if before else 0
    return backwards[start : start + 3]


WAYS: dict[str, Callable[[], list[Any]]] = {
    "by version": lambda: list(by_version(version_page)),
    "by gift card": lambda: list(by_gift_card(newest_first))[::-1],
    "by offset": lambda: list(by_offset(lambda offset: RECORDS[offset : offset + 3])),
    "by the version of rows": lambda: list(by_row_version(after)),
}


@pytest.mark.parametrize("way", [*WAYS])
def test_every_record_comes_once_though_pages_are_short(way: str) -> None:
    assert WAYS[way]() == RECORDS


def test_a_list_by_version_goes_on_from_a_version_that_was_kept() -> None:
    assert [row["version"] for row in by_version(version_page, after=50)] == [60, 70]
    assert [row["version"] for row in by_row_version(after, after=50)] == [60, 70]


def test_what_is_added_during_a_search_moves_the_rest_and_nothing_comes_twice() -> None:
    held = list(RECORDS)

    def ask(offset: int) -> Sequence[dict[str, Any]]:
        page = held[offset : offset + 3]
        if offset < 6:
            held.insert(0, {"id": f"new-{offset}", "version": 0})
        return page

    assert list(by_offset(ask)) == RECORDS


STUCK: dict[str, Callable[[], list[Any]]] = {
    "by version, the same page": lambda: list(by_version(lambda _: VersionPage(rows=tuple(RECORDS), newest=70))),
    "by version, none told": lambda: list(by_version(lambda _: VersionPage(rows=tuple(RECORDS), newest=None))),
    "by version, backwards": lambda: list(by_version(lambda after: VersionPage(rows=(RECORDS[0],), newest=70 - after))),
    "by gift card, the same page": lambda: list(by_gift_card(lambda _: RECORDS)),
    "by gift card, in a circle": lambda: list(
        by_gift_card(lambda before: [{"id": {"": "a", "a": "b"}.get(before, "a")}])
    ),
    "by gift card, twice on a page": lambda: list(by_gift_card(lambda _: [*RECORDS, RECORDS[0]])),
    "by offset, the same page": lambda: list(by_offset(lambda _: RECORDS)),
    "by rows, the same page": lambda: list(by_row_version(lambda _: RECORDS)),
    "by rows, descending": lambda: list(by_row_version(lambda _: RECORDS[::-1])),
}


@pytest.mark.parametrize("how", [*STUCK])
def test_a_list_that_does_not_move_on_is_refused(how: str) -> None:
    with pytest.raises(Refused, match=ENDLESS):
        STUCK[how]()


def test_a_list_that_always_has_another_page_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_PAGES", 50)
    endless: dict[str, Callable[[], list[Any]]] = {
        "by version": lambda: list(by_version(lambda v: VersionPage(rows=(RECORDS[0],), newest=v + 1))),
        "by gift card": lambda: list(by_gift_card(lambda before: [{"id": f"{before}x"}])),
        "by offset": lambda: list(by_offset(lambda offset: [{"id": str(offset)}])),
        "by rows": lambda: list(by_row_version(lambda v: [{"version": v + 1}])),
    }
    for walk in endless.values():
        with pytest.raises(Refused, match=ENDLESS):
            walk()
