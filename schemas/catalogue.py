"""Every code we give to something found in a file, and what it says to people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from schemas.domain import CodeRow
from schemas.domains import DOMAINS
from schemas.file_codes import FILE_CODES
from schemas.levels import Level
from schemas.rejects import RETURN_CODES

EXAMPLE = "12.50"


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


_TABLE: tuple[CodeRow, ...] = (
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
    (
        "COLUMN_DOUBT",
        "concern",
        "a column that is not taken may change what its row means",
        "look at the rows that are named; take out those that should not go in",
    ),
    ("MAIL_ADDRESS", "reject", "not an address that a mail can be sent to", "write it like name@example.com"),
    ("DAY_UNREADABLE", "reject", "not a day", "write it as year-month-day, like 2026-11-20"),
    ("DAY_AMBIGUOUS", "reject", "can be two days", "write it as year-month-day, like 2026-11-20"),
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
        "RESTORE_UNKNOWN",
        "concern",
        "it is not known what became of some changes of the run, and they are left as they are",
        "run what the run was about again, so that they are settled, then restore it",
    ),
    (
        "RESTORE_ONE_WAY",
        "held",
        "nothing leads back to how it was before the run, and it was left alone",
        "put it right by hand; in Astro: History, Undo Redemption, by its reward id; for a card that was voided in "
        "Lightspeed: issue another number",
    ),
    (
        "TARGET_BY_HAND",
        "held",
        "its system takes files, and no file can ask for this",
        "do it in that system by hand: by-hand.csv lists what is to be done",
    ),
)
"""Codes that domains share."""


def _of_domains() -> Iterator[CodeRow]:
    yield from chain.from_iterable(domain.codes for domain in DOMAINS.values())


CATALOGUE: Mapping[str, Entry] = {
    code: Entry(code=code, level=level, says=says, remedy=remedy)
    for code, level, says, remedy in (*FILE_CODES, *_TABLE, *RETURN_CODES, *_of_domains())
}
