"""A desk beside a web shop, with a till that keeps stock."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.desk import Desk
from tests.fakes.woocommerce import Fake, woocommerce
from tests.web_shop.shops import Both, a_web_shop, fill_till


@pytest.fixture
def both(desk: Desk) -> Iterator[Both]:
    """A till and a web shop that have mug and cap; only the till has tea, only the web shop has a poster."""
    with woocommerce(Fake(shop=a_web_shop())) as fake:
        settings = {"URL": fake.url, "KEY": fake.keys.key, "SECRET": fake.keys.secret}
        own = {f"COUNTERFOIL_WOO_{name}": value for name, value in settings.items()}
        desk = replace(desk, environment={**desk.environment, **own})
        fill_till(desk)
        yield Both(desk=desk, fake=fake)
