"""Tell whom a run invited: the same reports and the same manifest as of any run, with people in place of changes."""

from dataclasses import replace

import polars as pl

from infra.artifacts.run_files import load_frame, save_bytes, save_frame
from infra.context import ledger, settings
from infra.mail import is_practice
from schemas import file_names
from schemas.invitations import Invited, Mailing
from schemas.records import Run, RunReport
from schemas.tables import FINDINGS_SCHEMA
from tasks.chain.report import build_report, enter_end, links_of, publish
from tasks.chain.step import step
from tasks.core.invitations.lists import write_outcomes
from tasks.core.invitations.run_outcome import conclude_invitations
from tasks.core.invitations.settlement import count_people, settle_people
from tasks.core.reporting.rows import NO_CHANGES
from tasks.core.reporting.text import render_markdown, show_columns
from tasks.core.wording.messages import with_messages
from tasks.invitations.follow_rejects import close_invited

_PRACTICE = (
    "No mail server is set (COUNTERFOIL_SMTP_HOST): mails only become .eml files of this run, and nobody gets one. "
    "This is a campaign of its own, so everyone can still be mailed."
)


@step
def report_mailing(run: Run, invited: Invited, mailing: Mailing, stopped: str = "", asks: str = "") -> RunReport:
    """Write the reports of a run that invited people, and enter its end in the ledger.

    *stopped* says why the mail server was given up, where it was; *asks* what a person has to look at before the rest.

    Raises:
        Bug: Somebody was lost or counted twice on the way.
    """
    people = load_frame(mailing.people)
    if run.mode != "preview":
        people = settle_people(people, ledger().list_invitations(mailing.campaign), run.run_id)
        close_invited(run, invited, people)
    save_frame(run.run_id, file_names.PEOPLE, people)
    save_bytes(run.run_id, file_names.INVITATIONS, write_outcomes(people))
    report = publish(_run_report(run, invited, mailing, people, (asks, stopped)), NO_CHANGES, _rejects(invited))
    summary = render_markdown(report, links_of(report), NO_CHANGES, show_columns)
    return enter_end(report, summary)


def _run_report(run: Run, invited: Invited, mailing: Mailing, people: pl.DataFrame, why: tuple[str, str]) -> RunReport:
    counts = count_people(people)
    ending = conclude_invitations(
        mode=run.mode,
        channel=run.target,
        rows=invited.rows,
        people=people,
        counts=counts,
        remarks=_remarks(run, *why),
        asks=bool(why[0]),
    )
    return replace(
        build_report(run, f"Invitations, campaign {mailing.campaign}", ending, invited.rows),
        concerns=invited.concerns,
        reading=invited.reading,
        invitations=counts,
        still_open=ledger().still_open(run.run_id),
    )


def _remarks(run: Run, *why: str) -> tuple[str, ...]:
    practises = run.target == "mail" and is_practice(settings())
    return tuple(remark for remark in (*why, _PRACTICE if practises else "") if remark)


def _rejects(invited: Invited) -> pl.DataFrame:
    findings = load_frame(invited.findings) if invited.findings else pl.DataFrame(schema=FINDINGS_SCHEMA)
    return with_messages(findings)
