"""How loyalty failures arrive as files: the two sections of Astro's report, and what a shop's own headings mean.

Astro shows them on a screen and offers no file that we know of; these headings are assumed (contracts/astro.md
5.3). A shop whose file has others saves them, as for any other dialect.
"""

from collections.abc import Mapping
from types import MappingProxyType

from schemas.domain import Column, Dialect, NumberFormat
from schemas.loyalty.records import Section

LOYALTY = "loyalty"
"""The name under which these runs and their files are kept; not a domain, for a failure is no record of ours."""

_ERRORS = {"en": "Error", "fr": "Erreur", "nl": "Fout", "sv": "Fel"}
_REFERENCE = "Counterfoil row"

_NAME = Column(
    name="customer_name",
    heading="customer_name",
    description="as the report shows it",
    aliases={"Customer": "en", "Nom du client": "fr", "Client": "fr", "Klant": "nl", "Kund": "sv"},
    required=False,
)
_CUSTOMER = Column(
    name="customer_id",
    heading="customer_id",
    description="the customer's number in the shop",
    aliases={"Customer number": "en", "ID client": "fr", "Klantnummer": "nl", "Kundnummer": "sv"},
    required=False,
)
_AT = Column(
    name="occurred_at",
    heading="occurred_at",
    description="day and time in the shop's time zone, such as 2026-11-20 17:45",
    aliases={"Date": "en", "Date/Time": "en", "Date et heure": "fr", "Datum": "nl", "Tid": "sv"},
    dates=True,
)
_REASON = Column(
    name="reason",
    heading="reason",
    description="in Astro's words",
    aliases={"Raison": "fr", "Reden": "nl", "Orsak": "sv"},
)
_QUANTITY = Column(
    name="quantity",
    heading="quantity",
    description="how many, such as 1 or 0.5",
    aliases={"qty": "en"},
    required=False,
    holds="quantity",
)
_AMOUNT = Column(name="amount", heading="amount", description="an amount such as 54.99", required=False, holds="money")

REDEMPTION_FAILURES = Dialect(
    name="astro_redemption_failures",
    columns=(
        _NAME,
        _CUSTOMER,
        Column(
            name="reward_id",
            heading="reward_id",
            description="the number of the reward",
            aliases={"ID de récompense": "fr", "Beloning-ID": "nl", "Belönings-ID": "sv"},
        ),
        _AT,
        Column(
            name="program",
            heading="program",
            description="title of the programme",
            aliases={"Programme": "fr", "Programma": "nl"},
            required=False,
        ),
        _REASON,
        _QUANTITY,
        _AMOUNT,
    ),
    number_format=NumberFormat(),
    error_headings=_ERRORS,
    reference_heading=_REFERENCE,
    codes=("customer_id", "reward_id"),
    padded=("customer_id", "reward_id"),
    qualifiers=("currency",),
    labels=("customer_name", "program"),
)

TRANSACTION_FAILURES = Dialect(
    name="astro_transaction_failures",
    columns=(
        _NAME,
        _CUSTOMER,
        Column(
            name="transaction_id",
            heading="transaction_id",
            description="what the till called the purchase",
            aliases={"ID de transaction": "fr", "Transactie-ID": "nl", "Transaktions-ID": "sv"},
            required=False,
        ),
        Column(
            name="upc",
            heading="upc",
            description="the item's code, digits only",
            aliases={"Item code": "en", "CUP": "fr", "EAN": "nl"},
        ),
        _AT,
        _REASON,
        _QUANTITY,
        _AMOUNT,
    ),
    number_format=NumberFormat(),
    error_headings=_ERRORS,
    reference_heading=_REFERENCE,
    codes=("customer_id", "transaction_id", "upc"),
    padded=("customer_id", "transaction_id"),
    qualifiers=("currency",),
    labels=("customer_name",),
)

REPORT_DIALECTS: Mapping[Section, Dialect] = MappingProxyType(
    {"redemption": REDEMPTION_FAILURES, "transaction": TRANSACTION_FAILURES}
)

ANSWERS = Dialect(
    name="astro_answers",
    columns=(Column(name="answer", heading="answer", description="what stood there, as it stood"),),
    number_format=NumberFormat(),
    error_headings=_ERRORS,
    reference_heading=_REFERENCE,
)
"""Answers that are in no form we know: they only ever go back to the person who can look at them."""

WORKLIST = Dialect(
    name="loyalty_worklist",
    columns=(
        Column(
            name="decision",
            heading="decision",
            description="hide, done, added by hand, enrolled, exception added or wrong; blank: not decided yet",
        ),
        Column(name="note", heading="note", description="whatever should be remembered of it", required=False),
        Column(name="failure_key", heading="failure_key", description="which failure this is: leave it as it was"),
    ),
    number_format=NumberFormat(),
    error_headings=_ERRORS,
    reference_heading=_REFERENCE,
    passes_through=True,
)
"""Our own file, filled in. Its other columns are for people, and are not read back."""
