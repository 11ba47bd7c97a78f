"""The mail itself, in each language."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from schemas.invitations import MAIL_LANGUAGES, Sender
from schemas.problems import FileNeedsFixing, SettingsNeedFixing
from tasks.core.invitations.letters import write_letter
from tasks.core.invitations.texts import RESET_LINK, write_text
from tasks.core.reporting.notices import read_address

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SHOP = Sender(
    shop_name="Bed & <b>Bath</b>",
    address="Bäd <hej@example.com>",
    reply_to="fraga@example.com",
    reset_link='https://example.com/?a="1"&b=2',
)


def person(language: str = "en", first_name: str = "Åsa", email: str = "asa@example.com") -> dict[str, str]:
    return {
        "language": language,
        "first_name": first_name,
        "last_name": "Öberg",
        "email": email,
        "email_sha256": "1" * 64,
    }


@pytest.mark.parametrize("language", MAIL_LANGUAGES)
def test_a_mail_explains_the_move_and_says_how_to_set_a_password(language):
    text = write_text(person(language), SHOP)
    assert SHOP.shop_name in text.subject and "\n" not in text.subject
    assert text.plain.count(SHOP.reset_link) == 1 and " Åsa" in text.plain
    assert text.html.count("https://example.com/?a=&#34;1&#34;&amp;b=2") == 2
    assert "<b>Bath" not in text.html and "Bed &amp; &lt;b&gt;Bath" in text.html
    assert f'<html lang="{language}">' in text.html


@pytest.mark.parametrize("language", MAIL_LANGUAGES)
def test_a_template_for_the_shop_keeps_the_link_to_be_filled_in(language):
    text = write_text(person(language, first_name=""), replace(SHOP, reset_link=RESET_LINK))
    assert RESET_LINK in text.plain and f'href="{RESET_LINK}"' in text.html
    assert text.plain.splitlines()[0] in {"Hello,", "Bonjour,", "Hallo,", "Hej!"}


def test_a_name_cannot_write_html_or_a_template():
    text = write_text(person(first_name="<i>{{ shop_name }}"), SHOP)
    assert "&lt;i&gt;{{ shop_name }}" in text.html and "<i>{{ shop_name }}" in text.plain


def test_the_head_is_that_of_a_good_sender():
    letter = write_letter(person(), SHOP, campaign="move", at=NOON)
    message = message_from_bytes(letter.content, policy=default)
    assert (letter.sender, letter.recipient) == ("hej@example.com", "asa@example.com")
    assert message["To"] == "Åsa Öberg <asa@example.com>"
    assert message["Date"].datetime == NOON
    assert (message["Auto-Submitted"], message["List-Unsubscribe"]) == ("auto-generated", "<mailto:fraga@example.com>")
    assert [part.get_content_type() for part in message.walk()][1:] == ["text/plain", "text/html"]
    assert letter.content.isascii() and max(map(len, letter.content.split(b"\r\n"))) < 998


def test_a_mail_has_the_same_id_whenever_it_is_written_and_another_in_another_campaign():
    def id_of(campaign: str, at: datetime) -> str:
        content = write_letter(person(), SHOP, campaign=campaign, at=at).content
        return str(message_from_bytes(content, policy=default)["Message-ID"])

    assert id_of("move", NOON) == id_of("move", NOON.replace(hour=13)) != id_of("reminder", NOON)
    assert id_of("move", NOON).endswith("@example.com>")


@pytest.mark.parametrize("address", ["", "nobody", "A <å@example.com>"])
def test_a_sender_that_is_no_address_is_told_by_its_setting(address):
    with pytest.raises(SettingsNeedFixing, match="COUNTERFOIL_MAIL_SENDER"):
        read_address(address)


def with_own(name: str, text: str) -> Sender:
    return replace(SHOP, templates={name: text})


def test_a_shop_may_write_its_own_mail_and_leave_the_rest_to_us():
    text = write_text(person("sv"), with_own("sv.txt.j2", "Ny butik, {{ first_name }}\n\nKlicka: [[reset_link]]"))
    assert (text.subject, text.plain) == ("Ny butik, Åsa", f"Klicka: {SHOP.reset_link}\n")
    assert text.html == write_text(person("sv"), SHOP).html


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ surname }} [[reset_link]]", "'surname' is undefined"),
        ("{% if %} [[reset_link]]", "Expected an expression"),
        ("{{ ''.__class__.__mro__ }} [[reset_link]]", "is unsafe"),
        ("Hello", r"holds no \[\[reset_link\]\]"),
    ],
)
def test_a_template_that_cannot_be_filled_in_is_named(template, says):
    with pytest.raises(FileNeedsFixing, match=says):
        write_text(person(), with_own("en.html.j2", template))
