"""The embedded mailer: every mail becomes an .eml file of its run, which any mail program opens."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.mail import Delivery, Letter


@dataclass(frozen=True)
class FileMailer:
    """Writes mails as artifacts of a run. Their names hold no address."""

    run_id: str
    deliver: Callable[[str, str, bytes], object]

    def send(self, letter: Letter) -> Delivery:
        """Store one mail."""
        self.deliver(self.run_id, f"mail-{letter.email_sha256[:16]}.eml", letter.content)
        return Delivery(outcome="sent")

    def close(self) -> None:
        """Have nothing to close."""
