"""Notification blocks that somebody set up in Prefect: Slack and others."""

from typing import Any, cast

from schemas.mail import Delivery
from schemas.problems import SettingsNeedFixing, Unavailable


def through_block(name: str, subject: str, text: str) -> Delivery:
    """Hand a text to a block. What it raises may quote its address, which is a secret.

    Raises:
        SettingsNeedFixing: There is no such block.
        Unavailable: It did not take the message.
    """
    from prefect.blocks.core import Block  # noqa: PLC0415 - whoever only looks at runs does not wait for it

    try:
        block = cast(Any, Block.load(name))
    except ValueError:
        raise SettingsNeedFixing(
            f"COUNTERFOIL_NOTIFY_BLOCKS: Prefect has no block {name}. Make it under Blocks, or correct the setting."
        ) from None
    try:
        block.notify(body=text, subject=subject)
    except Exception:  # noqa: BLE001 - whatever its library raises
        raise Unavailable(f"The notification block {name} did not take the message.") from None
    return Delivery(outcome="sent")
