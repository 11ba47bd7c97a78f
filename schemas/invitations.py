"""Invitations: whom we tell that the shop has moved, and what became of telling them.

Source: the help article on importing customers (passwords cannot be imported, so everyone must
be told how to set a new one). How a mail is written is decided in ``tasks.core.invitations``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import pandera.polars as pa
import polars as pl

from schemas.columns import column, heading, with_columns_of
from schemas.domain import Dialect, NumberFormat
from schemas.records import Artifact, RowCounts
from schemas.tables import Concern

INVITATIONS = "invitations"
"""The name under which these runs and their files are kept; not a domain, for no records are changed."""

SUPPRESSIONS = "suppressions.csv"
"""In the inbox of the invitations: the addresses of people who asked for no mails."""

MailLanguage = Literal["en", "fr", "nl", "sv"]
MAIL_LANGUAGES: tuple[MailLanguage, ...] = get_args(MailLanguage)

InvitationState = Literal["started", "sent", "refused", "unknown"]
"""started: the mail may be on its way; one that stays so is unknown. The others as in a receipt."""

InvitationOutcome = Literal["due", "sent", "refused", "unknown", "suppressed", "already", "no_address"]
"""What became of one person, as counted in ``schemas.records.InvitationCounts``."""


class Invitees(pa.DataFrameModel):
    """One row a person to tell. Texts are empty where not known.

    ``email`` is as mails go to it (ASCII); ``email_sha256`` is the hash of it without regard to letter
    case, and all of it that ever leaves the stored files.
    """

    line: pl.UInt32 = pa.Field(ge=1, description="where the person stands in the file or in the run's changes, from 1")
    customer_id: str = pa.Field(metadata=column(private=True))
    email: str = pa.Field(
        description="one address, such as name@example.com",
        metadata=column(
            "mail_address",
            private=True,
            people=heading("E-mail", fr="courriel|adresse e-mail", sv="e-post|e-postadress", en="email"),
        ),
    )
    first_name: str = pa.Field(
        description="as the person is greeted",
        metadata=column(
            "mail_name",
            private=True,
            people=heading("Firstname", required=False, fr="prénom", sv="förnamn", nl="voornaam", en="first name"),
        ),
    )
    last_name: str = pa.Field(
        description="the family name",
        metadata=column(
            "mail_name",
            private=True,
            people=heading("Lastname", required=False, fr="nom", sv="efternamn", nl="achternaam", en="last name"),
        ),
    )
    language: str = pa.Field(
        isin=MAIL_LANGUAGES,
        description="en, fr, nl or sv; the usual one where empty",
        metadata=column(
            "mail_language",
            private=True,
            people=heading("Language", required=False, fr="langue", sv="språk", nl="taal"),
        ),
    )
    email_sha256: str

    class Config:
        strict = True


CREATED_COLUMNS = ("customer_id", "email_after", "first_name_after", "last_name_after", "language_after")
"""What the outcomes of a run that created customers hold, beside ``kind`` and ``outcome``."""

ENTRIES_SCHEMA = pl.Schema({"email_sha256": pl.String, "run_id": pl.String, "state": pl.String, "code": pl.String})
"""What the ledger knows of a campaign: one row a person."""

PEOPLE = with_columns_of(
    Invitees,
    Dialect(
        name="people",
        number_format=NumberFormat(),
        error_headings={"en": "Error", "fr": "Erreur", "nl": "Fout", "sv": "Fel"},
        reference_heading="Counterfoil row",
    ),
)
"""A list of people as shops export it; the headings are those of Lightspeed eCom's customer file."""


@dataclass(frozen=True, kw_only=True)
class Invited:
    """Who is to be told, before anybody asked whether they were told already. ``invitees`` is a frame of Invitees.

    ``references``: of which rejects of which run its rows are; none where they are of no file.
    """

    rows: RowCounts
    invitees: Artifact
    findings: Artifact | None = None
    references: Artifact | None = None
    reading: tuple[str, ...] = ()
    concerns: tuple[Concern, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """What a run would do. ``people`` is a frame of Invitees with ``suppressed``, ``outcome`` and ``code``.

    ``campaign`` is the name under which the ledger remembers who was invited. ``due`` is how many of those
    who are due are invited now: the first of them.
    """

    campaign: str
    people: Artifact
    due: int


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who mails, and where customers set their password: what every mail of a shop has in common.

    ``templates`` are the shop's own, by file name (``sv.html.j2``), in place of ours.
    """

    shop_name: str
    address: str
    reply_to: str
    reset_link: str
    templates: Mapping[str, str] = field(default_factory=dict)
