"""How mails leave: through a mail server, or into files where none is set.

What a mail says and who gets one is decided elsewhere.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from infra.mail.files import FileMailer
from infra.mail.smtp import SmtpMailer
from infra.settings import Settings
from schemas.file_names import FileName
from schemas.mail import Delivery, Letter


class Mailer(Protocol):
    """What takes one mail after another."""

    def send(self, letter: Letter) -> Delivery:
        """Hand over one mail and say what became of it.

        Raises:
            Unavailable: No answer, and the mail certainly did not go.
            Refused: The server wants none of our mails, whoever they are for.
        """

    def close(self) -> None:
        """Close what was opened."""


def is_practice(settings: Settings) -> bool:
    """Say whether mails only become files, so that nobody gets one."""
    return not settings.smtp_host


@contextmanager
def open_mailer(settings: Settings, run_id: str, deliver: Callable[[str, FileName, bytes], object]) -> Iterator[Mailer]:
    """Give the mailer that the settings name. *deliver* stores a file of a run."""
    mailer: Mailer = FileMailer(run_id, deliver) if is_practice(settings) else SmtpMailer(settings)
    try:
        yield mailer
    finally:
        mailer.close()
