"""Two runs at the same records at once: in whatever order their batches land, each says and undoes what it did."""

import pytest

from tests.children import run_child
from tests.crash.pairs import import_in_every_order, orders
from tests.crash.shop import Shop


@pytest.mark.parametrize(("batches", "ways"), [(1, 2), (2, 6), (3, 20)])
def test_every_order_of_two_runs_is_tried(batches: int, ways: int):
    assert len(orders(batches)) == ways


def import_both(shop: Shop, second: str, undone: str, batches: int) -> None:
    case = shop.case("set")
    environment = {**case.environment, "COUNTERFOIL_BATCH_ROWS": str(6 // batches)}
    ended = run_child(import_in_every_order, environment, case.folder / "pairs", second, undone, batches, seconds=1800)
    case.discard()
    assert ended.code == 0, ended.err


@pytest.mark.parametrize(
    ("shop", "second", "undone"),
    [
        ("sqlite_shop", "same", "first"),
        pytest.param("sqlite_shop", "other", "first", marks=pytest.mark.thorough),
        pytest.param("sqlite_shop", "other", "second", marks=pytest.mark.thorough),
        ("postgres_shop", "other", "first"),
        # of two runs of one file it is the same which is undone first: every order is tried, its mirror image too
        pytest.param("sqlite_shop", "same", "second", marks=pytest.mark.slow),
        pytest.param("postgres_shop", "same", "first", marks=pytest.mark.slow),
        pytest.param("postgres_shop", "same", "second", marks=pytest.mark.slow),
        pytest.param("postgres_shop", "other", "second", marks=pytest.mark.slow),
    ],
)
def test_two_runs_at_once_say_and_undo_what_each_did_itself(
    request: pytest.FixtureRequest, shop: str, second: str, undone: str
):
    import_both(request.getfixturevalue(shop), second, undone, batches=2)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("shop", ["sqlite_shop", "postgres_shop"])
@pytest.mark.parametrize("second", ["same", "other"])
def test_so_do_two_runs_with_three_batches_each(request: pytest.FixtureRequest, shop: str, second: str):
    for undone in ("first", "second"):
        import_both(request.getfixturevalue(shop), second, undone, batches=3)
