"""A few rows of a file, read as they are read with all others."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.customers import LIGHTSPEED_ECOM, TIXLY
from tasks.core.reading.row_lookup import read_rows_on
from tasks.core.reading.table import read_table
from tests.registers import SIZES
from tests.workbook_files import xlsx

CSV = (
    "A register\r\n"
    "CustomerID;FirstName;Email;VIP\r\n"
    '1;"Åsa\nMaria";asa@example.se;"gold;x"\r\n'
    ";;;\r\n"
    "2; Nils ;nils@example.se; silver\r\n"
    '3;5" Ek;ek@example.se;\r\n'
)
HOW = {"name": "drawn.csv", "dialect": TIXLY, "code_page": "windows-1252", "sizes": SIZES}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@given(wanted=st.sets(st.sampled_from([3, 6, 7])))
def test_rows_of_a_text_are_read_as_with_all_others(encoding, wanted):
    content = CSV.encode(encoding)
    whole, few = read_table(content, **HOW), read_rows_on(content, sorted(wanted), **HOW)

    assert few.cells.equals(whole.cells.filter(pl.col("line").is_in(sorted(wanted))))
    assert (few.headings, few.passed, few.form) == (whole.headings, whole.passed, whole.form)


def test_rows_of_a_workbook_are_read_as_with_all_others():
    rows = [["Firstname", "Lastname", "E-mail"], *[[f"F{n}", "L", f"p{n}@example.se"] for n in range(5)]]
    content, how = xlsx(*rows), HOW | {"dialect": LIGHTSPEED_ECOM}

    few = read_rows_on(content, [3, 5], **how)

    assert few.cells.rows() == [(3, "F1", "L", "p1@example.se"), (5, "F3", "L", "p3@example.se")]
    assert few.rows_in == 2
