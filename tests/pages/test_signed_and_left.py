"""A signed plan of which a part was done before it was carried out: what is left of it is covered, and proven too."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.desk import Desk
from tests.fakes.authenticator import Authenticator
from tests.pages.desks import open_desk
from tests.pages.test_passkeys import add_passkey, options

FILE = "Number;Balance\nQZW1;12,50\nQZW2;20,00\n"


@pytest.mark.thorough
def test_what_was_left_of_a_signed_plan_holds_when_all_is_done(
    deployed: Mapping[str, str], seeds: Path, tmp_path: Path
):
    policy = {"approval_proof": "passkey", "desk_url": "http://desk.test"}
    with open_desk(deployed, seeds, tmp_path, **policy) as desk:
        terminal = Desk(environment=desk.environment, folder=desk.folder)
        maria, device = desk.sign_in("Maria", "submit", "approve"), Authenticator()
        add_passkey(maria, device)
        previewed = desk.preview(maria, "cards.csv", FILE)
        maria.press("/confirm", reason="counted twice")
        maria.press("/sign", assertion=device.sign(options(maria)))
        terminal.put_in_till({"QZW1": 1250})
        writes = desk.carry_out(maria)

        assert terminal.till() == {"QZW1": 1250, "QZW2": 2000}
        verified = terminal.ask("verify-run", writes)
    [approval] = verified["approvals"]
    assert (approval["signed"], approval["plan_id"] == verified["plan_id"], writes == previewed) == (True, False, False)
