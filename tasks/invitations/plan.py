"""Say who would be mailed, by the ledger and the suppression list, and write samples to look at."""

import re

import polars as pl

from infra.artifacts.run_files import load_frame, save_bytes, save_frame
from infra.clock import now
from infra.context import ledger, settings
from infra.mail import is_practice
from infra.mail.suppressions import SUPPRESSIONS_KEY, load_suppressions
from infra.mail.templates import own_templates
from schemas import file_names
from schemas.invitations import Invited, Mailing, Sender
from schemas.problems import FileNeedsFixing, SettingsNeedFixing
from schemas.records import Run
from tasks.chain.step import step
from tasks.core.invitations.addresses import read_suppressions
from tasks.core.invitations.letters import write_letter
from tasks.core.invitations.settlement import plan_people, with_outcome
from tasks.core.invitations.texts import RESET_LINK, write_text
from tasks.core.reporting.notices import read_address

PRACTICE = "practice: "
"""Before the name of a campaign whose mails only became files: nobody was invited by it."""


@step
def plan_mailing(run: Run, invited: Invited, campaign: str, max_recipients: int | None) -> Mailing:
    """Say of everyone whether a mail is due, and store that with one sample a language.

    Raises:
        FileNeedsFixing: A parameter, a setting or the suppression list has to be put right first.
        SettingsNeedFixing: The channel is one that is switched off.
    """
    _expect_known_way(run)
    named = _campaign(run, campaign)
    entries = ledger().list_invitations(named)
    people = plan_people(load_frame(invited.invitees), entries, _suppressed(run), run.run_id)
    due = with_outcome(people, "due").head(_most(max_recipients, people))
    _save_samples(run, named, due)
    return Mailing(campaign=named, people=save_frame(run.run_id, file_names.PEOPLE, people), due=due.height)


def sender_of_shop() -> Sender:
    """Return who mails, by the settings.

    Raises:
        FileNeedsFixing: Naming every variable that is missing, or the address that is none.
    """
    _refuse_missing("shop_name", "mail_sender", "forgot_password_url")
    ours = settings()
    reply_to = ours.mail_reply_to or ours.mail_sender
    for address in (ours.mail_sender, reply_to):
        read_address(address)
    return Sender(
        shop_name=ours.shop_name,
        address=ours.mail_sender,
        reply_to=reply_to,
        reset_link=ours.forgot_password_url,
        templates=own_templates(ours.mail_templates),
    )


def _expect_known_way(run: Run) -> None:
    if run.target == "ecom_password" and not settings().ecom_password_mails:
        raise SettingsNeedFixing(
            "The channel ecom_password is off: that Lightspeed eCom mails a customer whose doNotifyPassword is written "
            "is assumed, not known. Try it on a customer of your own, then set COUNTERFOIL_ECOM_PASSWORD_MAILS=true "
            "and run again. Nobody was mailed."
        )


def _refuse_missing(*needed: str) -> None:
    missing = ", ".join(f"COUNTERFOIL_{name.upper()}" for name in needed if not getattr(settings(), name))
    if missing:
        raise SettingsNeedFixing(f"Mails to customers need {missing}. Set what is missing, then run again.")


def _campaign(run: Run, campaign: str) -> str:
    """Return the name under which the ledger knows the campaign; mails into files are one of their own."""
    if not re.fullmatch(r"[\w .-]{1,64}", campaign):
        raise FileNeedsFixing("campaign: write 1 to 64 letters, digits, blanks, dots or dashes, then run again.")
    practises = run.target == "mail" and is_practice(settings())
    return f"{PRACTICE}{campaign}" if practises else campaign


def _most(max_recipients: int | None, people: pl.DataFrame) -> int:
    """Return how many may be invited now; those whom an earlier attempt of this run invited count."""
    if max_recipients is None:
        return people.height
    if max_recipients < 1:
        raise FileNeedsFixing("max_recipients: write 1 or more, or leave it empty, then run again.")
    return max(0, max_recipients - with_outcome(people, "sent").height)


def _suppressed(run: Run) -> frozenset[str]:
    """Read the suppression list, and keep it with the run: it is why somebody got no mail."""
    content = load_suppressions()
    if not content:
        return frozenset()
    save_bytes(run.run_id, file_names.SUPPRESSIONS, content)
    return read_suppressions(content, name=SUPPRESSIONS_KEY, code_page=settings().code_page)


def _save_samples(run: Run, campaign: str, due: pl.DataFrame) -> None:
    """Store what people would get: a mail in each language, or, for a mail tool, the templates themselves."""
    for person in due.unique("language", keep="first", maintain_order=True).iter_rows(named=True):
        if run.target == "mail":
            _save_sample(run, campaign, person)
        else:
            _save_template(run, person["language"])


def _save_sample(run: Run, campaign: str, person: dict[str, str]) -> None:
    sender = sender_of_shop()
    language = person["language"]
    letter = write_letter(person, sender, campaign=campaign, at=now())
    save_bytes(run.run_id, file_names.one_of_several(file_names.SAMPLE_MAIL, language), letter.content)
    save_bytes(
        run.run_id,
        file_names.one_of_several(file_names.SAMPLE_PAGE, language),
        write_text(person, sender).html.encode(),
    )


def _save_template(run: Run, language: str) -> None:
    """Store a text for a mail tool, or for the shop's own mail about passwords: with ``[[reset_link]]`` in it."""
    _refuse_missing("shop_name")
    shop = Sender(
        shop_name=settings().shop_name,
        address="",
        reply_to="",
        reset_link=RESET_LINK,
        templates=own_templates(settings().mail_templates),
    )
    text = write_text({"language": language, "first_name": ""}, shop)
    save_bytes(
        run.run_id,
        file_names.one_of_several(file_names.TEMPLATE_TEXT, language),
        f"{text.subject}\n\n{text.plain}".encode(),
    )
    save_bytes(run.run_id, file_names.one_of_several(file_names.TEMPLATE_PAGE, language), text.html.encode())
