"""Every code we give to something found in a file, and what it says to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from schemas.asides import aside_in
from schemas.file_codes import FILE_CODES
from schemas.levels import Level
from schemas.loyalty.codes import LOYALTY_CODES
from schemas.orders.codes import ORDER_CODES
from schemas.rejects import RETURN_CODES
from schemas.tables import Language
from schemas.web_shop import WEB_CODES
from schemas.wordings import LANGUAGES, WORDINGS

EXAMPLE = "12.50"
LONGEST_SHOWN = 60
"""Characters of a cell that a message shows; the rejects file has the whole cell anyway."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a code says (*what is wrong*) and its remedy (*what would be right*).

    ``{example}`` in a remedy is an amount as the file writes it: the finding's detail,
    or 12.50. Where there is no ``{example}``, the detail follows ``says`` in brackets.
    """

    code: str
    level: Level
    says: str
    remedy: str


_TABLE: tuple[tuple[str, Level, str, str], ...] = (
    ("AMOUNT_NOT_A_NUMBER", "reject", "not an amount", "write it like {example}"),
    (
        "AMOUNT_CURRENCY",
        "reject",
        "another currency than the shop's stands beside the amount",
        "write the amount in the shop's currency, alone, like {example}",
    ),
    ("AMOUNT_OWN_CURRENCY", "repair", "the shop's own currency stood beside the amount", "nothing to do"),
    ("AMOUNT_NEGATIVE", "reject", "below zero", "write zero or more, like {example}"),
    ("AMOUNT_ZERO", "reject", "zero", "take the row out, or run again with zero_balances=keep"),
    ("AMOUNT_PRECISION", "reject", "more decimals than the currency has", "round it as the shop would"),
    ("AMOUNT_TOO_LARGE", "reject", "larger than any amount we write", "check the cell; is it the card number?"),
    (
        "AMOUNT_THOUSANDS",
        "reject",
        "thousands marks do not stand as elsewhere in the column",
        "write it like {example}, or run again with number_format",
    ),
    (
        "AMOUNT_DECIMAL_COMMA",
        "reject",
        "not the decimal sign of this column",
        "write it like {example}, or run again with number_format",
    ),
    ("AMOUNT_AMBIGUOUS", "reject", "can be read two ways", "run again with number_format, for example 1,234.56"),
    ("GIFT_NUMBER_CHARS", "reject", "a card number has letters A-Z and digits only", "write it as printed on the card"),
    ("GIFT_NUMBER_LENGTH", "reject", "too long for a card number", "write it as printed on the card"),
    ("GIFT_NUMBER_DUP_FILE", "reject", "stands in the file more than once", "keep the one row that is right"),
    (
        "GIFT_EXPIRED",
        "reject",
        "the card has expired",
        "take the row out; if the card still counts, put the date right",
    ),
    (
        "GIFT_EXPIRY",
        "reject",
        "until when the card counts cannot be read",
        "write it as year-month-day, or empty the cell",
    ),
    (
        "GIFT_EXPIRES",
        "concern",
        "the card counts until a day, and the till is not told",
        "look whether the till's own rule for expiry is right for these cards",
    ),
    ("GIFT_ENDED", "reject", "the card no longer counts", "take the row out; if it still counts, put this cell right"),
    ("GIFT_CARD_LIKE_PAN", "concern", "looks like the number of a payment card", "make sure it is a gift card"),
    (
        "COLUMN_DOUBT",
        "concern",
        "a column that is not taken may change what its row means",
        "look at the rows that are named; take out those that should not go in",
    ),
    ("MAIL_ADDRESS", "reject", "not an address that a mail can be sent to", "write it like name@example.com"),
    ("GIFT_EXISTS_SAME", "note", "the card is already as the file wants it", "nothing to do"),
    (
        "GIFT_EXISTS_DIFF",
        "held",
        "the card is already there with another balance",
        "choose existing_cards=set or top_up",
    ),
    ("GIFT_VOIDED", "held", "the card is there but is not active", "give the customer a new card"),
    ("GIFT_NUMBER_CASE", "held", "the card is there in other upper and lower case", "write it as the till has it"),
    (
        "CUST_EMAIL_INVALID",
        "reject",
        "not an e-mail address",
        "write one address, like name@example.com",
    ),
    (
        "CUST_PHONE_INVALID",
        "reject",
        "not a telephone number",
        "write one number with its country code, like +46701234567",
    ),
    ("CUST_ENUM", "reject", "not a word that this column knows", "write one that it knows"),
    ("DAY_UNREADABLE", "reject", "not a day", "write it as year-month-day, like 2026-11-20"),
    ("DAY_AMBIGUOUS", "reject", "can be two days", "write it as year-month-day, like 2026-11-20"),
    ("CUST_DATE", "reject", "not a date", "write it as year-month-day, like 1988-04-02"),
    ("CUST_DATE_AMBIGUOUS", "reject", "can be two dates", "write it as year-month-day, like 1988-04-02"),
    ("CUST_DATE_YEAR", "reject", "the year has two digits", "write it as year-month-day, like 1988-04-02"),
    (
        "CUST_DATE_SERIAL",
        "reject",
        "a spreadsheet's number of days, not a date",
        "give the column a date format, or write it as year-month-day, like 1988-04-02",
    ),
    ("CUST_DATE_RANGE", "reject", "not when a customer was born", "look it up, or leave the cell empty"),
    ("REF_POSTCODE", "reject", "not a postcode of its country", "put the postcode or the country right"),
    ("SHOP_REFUSED", "reject", "the shop refused it", "put it right as the shop says"),
    (
        "RESTORE_EDITED_SINCE",
        "held",
        "someone changed it since the run, and it was left alone",
        "compare before, ours and now in conflicts.csv",
    ),
    (
        "RESTORE_WRITTEN_SINCE",
        "held",
        "another run wrote it again since, so it is that run's and was left alone",
        "undo that run, if it should go back",
    ),
    (
        "RESTORE_ONE_WAY",
        "held",
        "nothing leads back to how it was before the run, and it was left alone",
        "put it right by hand; in Astro: History, Undo Redemption, by its reward id",
    ),
    ("CUST_REQUIRED", "reject", "nothing stands here", "fill the cell in: without it nobody knows who this is"),
    ("CUST_EMAIL_DUP_FILE", "reject", "the file has this person more than once", "keep the one row that is right"),
    (
        "TIXLY_CUSTOMER_ID_NOT_INT",
        "reject",
        "not a customer number",
        "write the number of the card, or 0 for a new customer",
    ),
    ("TIXLY_CUSTOMER_ID_DUP", "reject", "the number stands in the file more than once", "keep the row that is right"),
    (
        "TIXLY_CUSTOMER_ID_UNKNOWN",
        "held",
        "the register has no card with this number",
        "write the right number, or 0 for a new customer",
    ),
    (
        "TIXLY_CUSTOMER_ID_MOVED",
        "held",
        "the card with this number is another person's, and would be overwritten",
        "write the right number; if it is the same person, change the name and the address one after the other",
    ),
    (
        "CUST_EMAIL_DUP_SERVER",
        "held",
        "another customer has this e-mail address",
        "write that customer's number, or another address",
    ),
    (
        "CUST_EMAIL_SHARED",
        "held",
        "another row of the file gives another customer the same new e-mail address",
        "give it to one of them, or put it into the register by hand first if they share it",
    ),
    (
        "CUST_SAME_PERSON",
        "held",
        "another customer has the same name and date of birth",
        "write that customer's number if it is the same person",
    ),
    ("CUST_SEVERAL", "held", "the register has more than one such customer", "write the number of the right one"),
    ("CUST_TWICE", "held", "two rows of the file are about the same customer", "keep the one row that is right"),
    (
        "CUST_BLANK_OVERWRITES",
        "concern",
        "blank cells would empty what the register holds",
        "run again with blank_cells=keep",
    ),
    (
        "CUST_LEFT_OUT",
        "concern",
        "the system has no place for some filled cells, which are left out",
        "approve the plan, or take these columns out of the file",
    ),
    ("GIFT_CURRENCY", "held", "the card is there in another currency", "set it right in the till first"),
)

CATALOGUE: Mapping[str, Entry] = {
    code: Entry(code=code, level=level, says=says, remedy=remedy)
    for code, level, says, remedy in (*FILE_CODES, *_TABLE, *RETURN_CODES, *LOYALTY_CODES, *ORDER_CODES, *WEB_CODES)
}


def message(line: int, heading: str, value: str, code: str, detail: str = "") -> str:
    """Say one finding in one line. It holds the cell's value: for artifacts, not for logs."""
    finding = {"line": line, "heading": heading, "value": value, "code": code, "detail": detail}
    row = with_messages(pl.DataFrame([finding])).row(0, named=True)
    return f"line {line}{', ' if heading else ': '}{row['message']}"


def with_messages(findings: pl.DataFrame, language: Language = "en") -> pl.DataFrame:
    """Return *findings* with the column ``message``, which does not repeat the line, in a *language*."""
    entries = pl.DataFrame(
        [(code, *wording(code, language)) for code in CATALOGUE], schema=["code", "_says", "_remedy"], orient="row"
    )
    asides = pl.col("detail").map_elements(partial(aside_in, language=language), pl.String)
    translated = findings if language == "en" else findings.with_columns(asides)
    joined = translated.join(entries, on="code", how="left", maintain_order="left", validate="m:1")
    place = place_of(pl.col("heading"), pl.col("value"))
    return joined.with_columns(message=pl.concat_str(place, _says(), pl.lit("; "), _remedy())).drop("_says", "_remedy")


def wording(code: str, language: Language) -> tuple[str, str]:
    """Return what a code says and its remedy, in a language; in English where it has no words there."""
    entry = CATALOGUE[code]
    return WORDINGS.get(language, {}).get(code, (entry.says, entry.remedy))


def says_of(code: str) -> tuple[str, ...]:
    """Return what a code says, in every language."""
    return tuple(dict.fromkeys(wording(code, language)[0] for language in LANGUAGES))


def place_of(heading: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Say which cell a message is about, as it begins; nothing where there is no heading."""
    printable = value.str.replace_all(r"[\x00-\x1f\x7f]", "?")
    shown = (
        pl.when(printable.str.len_chars() > LONGEST_SHOWN)
        .then(pl.concat_str(printable.str.head(LONGEST_SHOWN), pl.lit("...")))
        .otherwise(printable)
    )
    quoted = pl.when(printable == "").then(pl.lit("")).otherwise(pl.concat_str(pl.lit(" '"), shown, pl.lit("'")))
    return pl.when(heading == "").then(pl.lit("")).otherwise(pl.concat_str(heading, quoted, pl.lit(": ")))


def _says() -> pl.Expr:
    aside = (pl.col("detail") != "") & ~pl.col("_remedy").str.contains("{example}", literal=True)
    detailed = pl.concat_str(pl.col("_says"), pl.lit(" ("), pl.col("detail"), pl.lit(")"))
    return pl.when(aside).then(detailed).otherwise(pl.col("_says"))


def _remedy() -> pl.Expr:
    example = pl.when(pl.col("detail") == "").then(pl.lit(EXAMPLE)).otherwise(pl.col("detail"))
    return pl.col("_remedy").str.replace("{example}", example, literal=True)
