"""A shop that has moved, with a mail server."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desk import Desk, open_desk
from tests.mailing.post_office import PostOffice, open_post_office

SHOP = {
    "shop_name": "Butik Söder",
    "mail_sender": "Butik Söder <hej@example.com>",
    "mail_reply_to": "fraga@example.com",
    "forgot_password_url": "https://shop.example.com/password?a=1&b=2",
    "mails_per_minute": "60000",
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """A mail server that wants STARTTLS and a login."""
    with open_post_office("starttls", tmp_path) as office:
        yield office


@pytest.fixture
def shop(stack: Mapping[str, str], seeds: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose settings say who mails, but no mail server; with no suppression list before and after."""
    desk = with_settings(open_desk(stack, seeds, tmp_path), SHOP)
    desk.storage.put("inbox/invitations/suppressions.csv", b"E-mail\n")
    yield desk
    desk.storage.put("inbox/invitations/suppressions.csv", b"E-mail\n")


@pytest.fixture
def mailing_shop(shop: Desk, office: PostOffice) -> Desk:
    """A desk with that mail server."""
    return with_settings(shop, office.settings)


def with_settings(desk: Desk, settings: Mapping[str, str]) -> Desk:
    """Return the desk with these settings."""
    own = {f"COUNTERFOIL_{name.upper()}": value for name, value in settings.items()}
    return replace(desk, environment={**desk.environment, **own})
