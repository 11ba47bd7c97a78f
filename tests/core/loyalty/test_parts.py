"""Failures by parts are what they are as a whole."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.loyalty.deciding import decide, heed_decisions
from tasks.core.loyalty.parts import parts_of_customers, parts_of_keys
from tests.loyalty_cases import DAY, EVIDENCE, STATES, evidence, state
from tests.timelines import key

CASE = {"reason": "transaction_exists", "bought": "1", "free": "0", "on card": "0", "same id": "no", "later": "0"}
NOT_ENROLLED = {"reason": "no_items_found", "programme": "Buy 12", "enrolled": "no"}


@given(st.lists(st.text(max_size=3), unique=True, max_size=50))
def test_every_key_is_in_one_part(texts: list[str]):
    keys = pl.DataFrame({"failure_key": [key(text) for text in texts]}, schema={"failure_key": pl.String})
    parts = pl.concat([keys.filter(part) for part in parts_of_keys()])
    assert parts.sort("failure_key").equals(keys.sort("failure_key"))


def test_deciding_by_customers_is_deciding():
    rows = [(CASE if n % 3 else NOT_ENROLLED, f"P-{n % 7}", f"{n:064x}") for n in range(40)]
    told = [
        state(case, failure_key=name, customer_id=who, decision="enrolled" if n == 0 else None)
        for n, (case, who, name) in enumerate(rows)
    ]
    failures = pl.DataFrame(told, schema=STATES)
    known = pl.DataFrame([evidence(case, failure_key=name) for case, _, name in rows], schema=EVIDENCE)
    heeded = heed_decisions(failures, known)

    parts = [decide(failures.filter(part), heeded, DAY) for part in parts_of_customers(4)]
    whole = decide(failures, known, DAY)
    assert pl.concat(parts).sort("failure_key").equals(whole.sort("failure_key"))
    assert {"rerun", "purchase_missing", "same_sale"} <= set(whole["failure_class"])
