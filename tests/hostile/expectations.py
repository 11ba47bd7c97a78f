"""What every hostile case must come to."""

from tests.children import Ended
from tests.desk import Desk


def expect_turned_away(desk: Desk, ended: Ended, *, code: int, says: str) -> None:
    """One plain line on standard error, its exit code, and a till as it was."""
    assert (ended.code, ended.out) == (code, ""), ended
    said = [line for line in ended.err.splitlines() if line]
    assert len(said) == 1, ended.err
    assert says in said[0]
    assert "Traceback" not in ended.err
    assert desk.till() == {}
