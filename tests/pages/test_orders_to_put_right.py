"""Rejected orders of a web shop: the page says what is wrong, leads to the shop, and lets nobody type over them."""

from pathlib import Path

import pytest

from tests.desk import Desk
from tests.fakes.woo_orders import a_shop
from tests.fakes.woocommerce import Fake, woocommerce
from tests.pages.desks import Browser, OpenDesk, open_desk
from tests.tills import open_till

SYNC = ("sync-orders", "--mode", "apply", "--since", "2024-02-01")
HEADING = "To be put right in the web shop"


@pytest.fixture
def fake():
    with woocommerce(Fake(shop=a_shop(3))) as fake:
        yield fake


@pytest.fixture
def follows(deployed, seeds: Path, tmp_path: Path, fake: Fake):
    """A desk with a till that follows the shop."""
    keys = {"woo_url": fake.url, "woo_key": fake.keys.key, "woo_secret": fake.keys.secret}
    with open_desk(deployed, seeds, tmp_path, woo_overlap_minutes="1", **keys) as desk:
        yield desk


def shown(desk: OpenDesk, maria: Browser, *typed: str, code: int = 0) -> str:
    """Type a command, and return the address of the page of its run."""
    terminal = Desk(environment=desk.environment, folder=desk.folder)
    address = f"/shops/here/runs/{terminal.ask(*typed, code=code)['run_id']}"
    maria.open(address)
    return address


def test_a_rejected_order_is_put_right_in_the_shop_and_its_page_leads_there(follows: OpenDesk, fake: Fake):
    maria = follows.sign_in("Maria", "submit", "approve")
    open_till(follows.environment["COUNTERFOIL_TARGET_URL"], {f"SKU-{n}": 100 for n in range(1, 8)})
    fake.shop.put(fake.shop.orders[2] | {"total": "99.00"})
    rejecting = shown(follows, maria, *SYNC, code=4)
    assert HEADING in maria.says and "Correct 1 rejected row" not in maria.says
    assert f'href="{fake.url.rstrip("/")}/wp-admin/post.php?post=2&amp;action=edit"' in maria.text
    assert maria.says.partition(HEADING)[2].count("99.00") >= 1, "what is wrong stands beside the order"
    maria.open(f"{rejecting}/correct")
    assert maria.address.startswith(rejecting) and HEADING in maria.says

    fake.shop.touch(2, total="12.00")
    shown(follows, maria, *SYNC[:3])
    maria.open(rejecting)
    assert HEADING not in maria.says, "the next run closed it"
