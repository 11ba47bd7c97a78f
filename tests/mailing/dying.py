"""A command line that dies while it mails a certain person: just before the mail is sent, or just after."""

import os
import signal
from typing import Any

from tests.desk import command

AT = "COUNTERFOIL_TEST_DIES_AT"
"""``before`` or ``after``, a blank, and the address."""


def dying_command(folder: str, arguments: list[str]) -> None:
    """Be the command line until then."""
    from infra.mail.smtp import SmtpMailer  # noqa: PLC0415 - children have it imported, their parent needs it not

    when, address = os.environ[AT].split()
    send = SmtpMailer.send

    def sending(mailer: SmtpMailer, letter: Any) -> Any:
        if letter.recipient == address and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        delivery = send(mailer, letter)
        if letter.recipient == address:
            os.kill(os.getpid(), signal.SIGKILL)
        return delivery

    SmtpMailer.send = sending  # type: ignore[method-assign]
    command(folder, arguments)
