"""What the core says in English, in the language of whoever reads.

What stands fixed is looked up, counts are said anew, and sentences that were composed with names in them too, as far as
``schemas.sentences`` knows them. How is decided in ``tasks.core.reporting.localization``.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import get_args

import polars as pl

from desk.texts import gettext, speech_here
from schemas.catalogue import CATALOGUE
from schemas.domains import DOMAINS
from schemas.gift_cards import EXPIRING_CARDS
from schemas.loyalty.cures import CAUSE_SENTENCES
from schemas.loyalty.records import FailureClass, Section, Who
from schemas.orders.records import PAID_ORDERS
from schemas.people import ROLES
from schemas.records import RunReport
from schemas.sentences import SENTENCES
from schemas.wordings import WORDINGS
from tasks.core.loyalty.advice_sentences import ADVICE_SENTENCES
from tasks.core.loyalty.news import AT_RISK, EXPIRING, SOON, UNKNOWN
from tasks.core.loyalty.worklist import HEADINGS as WORKLIST_HEADINGS
from tasks.core.loyalty.worklist import WORDS as DECISIONS
from tasks.core.loyalty.worklist import advice_in
from tasks.core.notifications.letters import ABOUT_RIGHTS, CHOOSE, DID, LEFT_HEADINGS, LOOK, SHOP, SUBJECTS
from tasks.core.notifications.letters import SAYS as NOTIFICATION_SAYS
from tasks.core.reporting import localization
from tasks.core.reporting.page import SCRIPT_WORDS
from tasks.core.reporting.rows import EMPTIED, ROWS_SAY, english
from tasks.core.reporting.run_outcome import COUNTED, NEXT_STEPS, NO_ROWS
from tasks.core.reporting.summary import SUMMARY_WORDS
from tasks.core.reporting.table_cells import NO, YES
from tasks.core.reporting.table_words import TABLE_WORDS
from tasks.core.reporting.totals import TOTALS_SAY
from tasks.core.reporting.workbook import SHEET_WORDS, SHORTENED
from tasks.core.wording.localization import localize
from tasks.core.wording.sums import Sum
from tasks.core.wording.words import (
    FACTS,
    GROUP_LABELS,
    GUARDS,
    INVITATION_LABELS,
    MODES,
    TILE_LABELS,
    TITLES,
    counting,
)
from tasks.core.wording.words import heading as column_heading

STANDINGS = (
    *("Scheduled", "Late", "Pending", "Running", "Paused", "Suspended", "Cancelling", "Cancelled", "Crashed"),
    *("Completed", "Failed", "TimedOut", "AwaitingRetry", "Retrying"),
)
"""How a run stands with Prefect, where the ledger does not know better."""

ABOUT_PLANS: Mapping[str, str] = {
    "LIMIT_CHANGED_ROWS": "More records would change than usual.",
    "LIMIT_CHANGED_SHARE": "A larger share of the existing records would change than usual.",
    "LIMIT_ADDED": "More would be added in all than usual.",
    "SECOND_PERSON": "So much money would be moved that somebody who did not submit it has to approve it.",
    "LIMIT_MINUTES": "Writing would take longer than usual, in a system that counts calls.",
    "LIMIT_CARD": "One record would be worth more than usual.",
    "LIMIT_ORDER": "One order would be worth more than usual.",
    "SCALE_SUSPECT": "The amounts of the file are on average 50 to 200 times larger or smaller than those of the "
    "target: are they cents written as units?",
    "TOP_UP_SEEN_BEFORE": "Half or more of these top-ups add the same amount to the same card as one earlier top-up "
    "did.",
}
"""What concerns mean that are about no cell or row of a file, and so not in the catalogue of codes."""


def fixed_texts() -> Iterator[str | tuple[str, str]]:
    """List what the core says and the desk shows, a pair where it is counted; catalogues hold each."""
    tables = (
        TITLES,
        TILE_LABELS,
        GROUP_LABELS,
        INVITATION_LABELS,
        MODES,
        GUARDS,
        NEXT_STEPS,
        ROWS_SAY,
        ABOUT_PLANS,
    )
    yield from chain.from_iterable(table.values() for table in tables)
    yield from (*FACTS, *TOTALS_SAY, NO_ROWS, EMPTIED, *STANDINGS, *ROLES)
    yield from (*get_args(Section), *get_args(Who), *DECISIONS.values())
    yield from (name.replace("_", " ") for name in get_args(FailureClass))
    yield from (
        *SUBJECTS.values(),
        *NOTIFICATION_SAYS.values(),
        *LEFT_HEADINGS.values(),
        LOOK,
        CHOOSE,
        SHOP,
        DID,
        *ABOUT_RIGHTS,
    )
    yield from (domain.title for domain in DOMAINS.values())
    yield from (form.name.replace("_", " ") for domain in DOMAINS.values() for form in domain.dialects)
    resources = [domain.resource for domain in (*DOMAINS.values(), EXPIRING_CARDS, PAID_ORDERS)]
    yield from (column_heading(name) for each in resources for name in (each.key, *each.columns))
    labels = {label.lower() for label in (*TILE_LABELS.values(), *INVITATION_LABELS.values())}
    yield from ((counting(name), counting(name)) for name in sorted({*COUNTED, *labels}))
    yield from (*SENTENCES, *SHORTENED, YES, NO, *SCRIPT_WORDS.values(), *SHEET_WORDS, *SUMMARY_WORDS, *TABLE_WORDS)
    yield from (*ADVICE_SENTENCES, *CAUSE_SENTENCES, *WORKLIST_HEADINGS, AT_RISK, EXPIRING, UNKNOWN, SOON)
    yield from chain.from_iterable(_words_of(code) for code in CATALOGUE if code not in WORDINGS["fr"])


def _words_of(code: str) -> tuple[str, ...]:
    """Return the words of a code that pages show: of a concern, how to go on is said by the concern itself."""
    level = CATALOGUE[code].level
    return english(code) if level in ("reject", "held") else english(code)[:1] if level == "concern" else ()


def worded(code: str) -> tuple[str, str]:
    """Return what a code says, and what would be right."""
    return localization.worded(code, speech_here())


def reason(code: str) -> str:
    """Say what the code of a concern means; nothing where it is an older one."""
    if code in ABOUT_PLANS:
        return gettext(ABOUT_PLANS[code])
    says = worded(code)[0] if code in CATALOGUE else ""
    return f"{says[:1].upper()}{says[1:]}"


def codes_that_say(text: str) -> list[str]:
    """Return the codes in whose words a text stands, whatever its letters are."""
    return [code for code in CATALOGUE if text in " ".join(worded(code)).casefold()]


def rows_say() -> pl.Expr:
    """Say what became of each row."""
    return localization.says_of_rows(speech_here())


def title_in_words(title: str) -> str:
    """Say what a run is about."""
    return localization.title_in_words(title, speech_here())


def says_in_words(report: RunReport | None, says: str) -> str:
    """Say how a run ended: counts anew, and else as the run said it."""
    return localization.says_in_words(report, says, speech_here())


def sum_in_words(one: Sum) -> str:
    """Write out a sum that must hold."""
    return localization.sum_in_words(one, speech_here())


def cause_in_words(says: str) -> str:
    """Say what is behind loyalty failures, and what settles them."""
    return localize(says, speech_here(), CAUSE_SENTENCES)


def advice_in_words(text: str) -> str:
    """Say how we know of a failure, or what to do about it, line by line."""
    return advice_in(text, speech_here())


def localized(text: str) -> str:
    """Say a sentence that a run composed."""
    return localize(text, speech_here())
