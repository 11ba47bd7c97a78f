"""Registers that only people can reach: what is read from an export, and what is written to upload."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from infra.connectors.customer_files import CustomerFiles
from schemas.customers import CUSTOMERS, LIGHTSPEED_ECOM, TIXLY
from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from schemas.records import BatchName, Total
from schemas.register_exports import Export
from schemas.tables import Table
from tasks.core.reading.table import Sizes, read_rows
from tasks.core.writing.files import write_workbook

REGISTER = CUSTOMERS.resource
BATCH = BatchName(plan_id="abc123", number=1, run_id="run")
SIZES = Sizes(max_file_bytes=2**20, max_cell_chars=32_767, max_columns=200)
Sides = tuple[str | None, str | None]

EXPORT = (
    "CustomerID;Förnamn;LastName;VIP level;Email;Phone\r\n"
    '10233;"Åsa";Öberg;="3";asa@example.se;070-123 45 67\r\n'
    "00017;Nils ; Ek;;nils@example.se;\r\n"
)


class Shop:
    """A shop whose register lies in one export, and what was handed to it."""

    def __init__(self, export: str | bytes | None, dialect: Dialect = TIXLY) -> None:
        content = export.encode() if isinstance(export, str) else export
        at = datetime(2026, 3, 1, tzinfo=UTC)
        self.export = None if content is None else Export(name="tixly.csv", content=content, stored_at=at)
        self.files: dict[str, bytes] = {}
        self.connector = CustomerFiles(
            "tixly", dialect, newest=lambda _: self.export, read_rows=read, deliver=self.take
        )

    def take(self, _run: str, name: str, content: bytes) -> None:
        self.files[name] = content

    def rows(self) -> list[dict[str, str]]:
        """Return the register without its empty cells."""
        records = self.connector.read(REGISTER, None).rows(named=True)
        return [{name: text for name, text in record.items() if text} for record in records]

    def write(self, *changes: tuple[str, str, Mapping[str, Sides]]) -> list[str]:
        return self.connector.write(REGISTER, drawn(*changes), BATCH).to_list()


def read(export: Export, dialect: Dialect) -> Table:
    return read_rows(export.content, name=export.name, dialect=dialect, code_page="windows-1252", sizes=SIZES)


def drawn(*changes: tuple[str, str, Mapping[str, Sides]]) -> pl.DataFrame:
    """Make changes of kind, key and the cells (before, after) that are not empty."""
    rows = []
    for line, (kind, key, cells) in enumerate(changes, 2):
        sides = {}
        for column in REGISTER.columns:
            before, after = cells.get(column, ("", ""))
            sides[f"{column}_before"] = None if kind == "create" else before
            sides[f"{column}_after"] = None if kind == "remove" else after
        rows.append({"line": line, "kind": kind, "customer_id": key, **sides, "operation_id": None, "operation": None})
    return pl.DataFrame(rows, schema_overrides={"operation_id": pl.String, "operation": pl.String})


ASA = {
    name: (text, text) for name, text in {"first_name": "Åsa", "last_name": "Öberg", "email": "asa@example.se"}.items()
}
ASA_AS_SHE_IS = ASA | {"phone": ("070-123 45 67",) * 2, "extra": ('{"VIP level":"=\\"3\\""}',) * 2}
NILS = {
    name: (text, text) for name, text in {"first_name": "Nils", "last_name": "Ek", "email": "nils@example.se"}.items()
}
NILS_AS_HE_IS = NILS | {"extra": ('{"VIP level":""}',) * 2}


def test_a_register_is_read_as_its_export_has_it() -> None:
    assert Shop(EXPORT).rows() == [
        {
            "customer_id": "10233",
            "first_name": "Åsa",
            "last_name": "Öberg",
            "email": "asa@example.se",
            "phone": "070-123 45 67",
            "extra": '{"VIP level":"=\\"3\\""}',
        },
        {
            "customer_id": "17",
            "first_name": "Nils",
            "last_name": "Ek",
            "email": "nils@example.se",
            "extra": '{"VIP level":""}',
        },
    ]
    assert Shop(EXPORT).connector.totals(REGISTER) == (Total(currency="", count=2, sum_cents=0),)
    assert Shop(EXPORT).connector.read(REGISTER, pl.Series(["17", "99"]))["email"].to_list() == ["nils@example.se"]


def test_headings_alone_are_a_register_in_which_nobody_is() -> None:
    assert Shop("CustomerID;FirstName;Email\n").rows() == []


def test_the_upload_has_only_changed_and_new_rows_and_every_other_byte_is_the_exports() -> None:
    shop = Shop(EXPORT.encode("windows-1252"))

    outcomes = shop.write(
        ("update", "10233", ASA_AS_SHE_IS | {"phone": ("070-123 45 67", "+46701234567")}),
        ("create", "new:zoe", {"first_name": (None, 'Zoë; "Zo"'), "email": (None, "zoe@example.se")}),
    )

    assert outcomes == ["unknown", "unknown"]
    assert shop.files["upload.csv"].decode("windows-1252") == (
        "CustomerID;Förnamn;LastName;VIP level;Email;Phone\r\n"
        '10233;"Åsa";Öberg;="3";asa@example.se;+46701234567\r\n'
        '0;"Zoë; ""Zo""";;;zoe@example.se;\r\n'
    )
    assert shop.files["register.csv"] == EXPORT.encode("windows-1252")


def test_columns_that_only_the_system_knows_are_written_under_their_own_heading() -> None:
    shop = Shop(EXPORT)

    shop.write(
        ("update", "17", NILS_AS_HE_IS | {"extra": ('{"VIP level":""}', '{"VIP level":"gold"}')}),
        ("create", "new:zoe", {"first_name": (None, "Zoë"), "extra": (None, '{"VIP level":"1"}')}),
    )

    assert shop.files["upload.csv"].decode().splitlines()[1:] == ["00017;Nils ; Ek;gold;nils@example.se;", "0;Zoë;;1;;"]


def test_a_mark_at_the_beginning_of_a_marked_file_stays() -> None:
    shop = Shop(("\ufeff" + EXPORT).encode("utf-16-le"))

    shop.write(("update", "17", NILS_AS_HE_IS | {"phone": ("", "+46701234567")}))

    assert shop.files["upload.csv"].startswith(b"\xff\xfe")
    assert shop.files["upload.csv"].decode("utf-16").splitlines()[1] == "00017;Nils ; Ek;;nils@example.se;+46701234567"


def test_a_new_customer_of_ecom_has_no_number() -> None:
    shop = Shop("Internal ID,Firstname,Lastname,E-Mail,Memo\n7,Åsa,Öberg,asa@example.se,x\n", LIGHTSPEED_ECOM)

    shop.write(
        ("update", "7", ASA | {"email": ("asa@example.se", "asa@example.com")}),
        ("create", "new:zoe", {"first_name": (None, "Zoë"), "email": (None, "zoe@example.se")}),
    )

    assert shop.files["upload.csv"].decode() == (
        "Internal ID,Firstname,Lastname,E-Mail,Memo\n7,Åsa,Öberg,asa@example.com,x\n,Zoë,,zoe@example.se,\n"
    )


def test_a_workbook_is_answered_by_a_workbook_whose_cells_are_text() -> None:
    rows = [["CustomerID", "FirstName", "Email"], ["7", "Åsa", "asa@example.se"], ["8", "=Bo", ""]]
    shop = Shop(write_workbook("Kunder", rows))

    shop.write(("update", "7", {"first_name": ("Åsa", "Asa"), "email": ("asa@example.se",) * 2}))

    book = CalamineWorkbook.from_filelike(io.BytesIO(shop.files["upload.xlsx"]))
    assert book.sheet_names == ["Kunder"]
    assert book.get_sheet_by_index(0).to_python() == [rows[0], ["7", "Asa", "asa@example.se"]]


def test_whoever_is_no_longer_as_planned_is_left_out_of_the_upload() -> None:
    shop = Shop(EXPORT)

    outcomes = shop.write(
        ("update", "17", NILS_AS_HE_IS | {"phone": ("08-1", "+4681")}),
        ("update", "99", NILS_AS_HE_IS | {"phone": ("", "+4681")}),
        ("update", "10233", ASA_AS_SHE_IS | {"first_name": ("Eva", "Åsa")}),
        ("remove", "17", NILS_AS_HE_IS),
    )

    assert (outcomes, shop.files) == (["conflict", "conflict", "unchanged", "refused"], {})


@pytest.mark.parametrize(
    ("export", "says"),
    [
        (None, "no export of the register in inbox/registers/tixly/"),
        (
            "CustomerID;Email\n1;a@example.se\n;b@example.se\n0;c@example.se\nx;d@example.se\n",
            "lines have no customer number: 3-5.",
        ),
        ("CustomerID;Email\n1;a@example.se\n2;b@example.se\n01;c@example.se\n", "stands twice: 2, 4."),
        ("CustomerID;Email\n1\n2;b@example.se\n", "cannot be read: 2."),
    ],
)
def test_an_export_that_is_no_register_is_turned_away_by_its_lines(export: str | None, says: str) -> None:
    with pytest.raises(FileNeedsFixing, match=says.replace(".", r"\.")):
        Shop(export).rows()


def test_a_value_that_the_export_has_no_column_for_stops_the_upload() -> None:
    shop = Shop(EXPORT)

    with pytest.raises(FileNeedsFixing, match=r"no column for: Shoe size, mobile\. 1 of 2 customers"):
        shop.write(
            ("create", "new:zoe", {"mobile": (None, "+46701234567"), "extra": (None, '{"Shoe size":"38"}')}),
            ("update", "17", NILS_AS_HE_IS | {"phone": ("", "+4681")}),
        )
    assert shop.files == {}


def test_a_character_that_the_exports_encoding_has_not_stops_the_upload() -> None:
    shop = Shop(EXPORT.encode("windows-1252"))

    with pytest.raises(FileNeedsFixing, match=r"windows-1252, which has not all the characters of lines 2 of"):
        shop.write(("update", "17", NILS_AS_HE_IS | {"first_name": ("Nils", "Николай")}))
