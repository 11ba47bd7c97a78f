"""The embedded mailer: every mail becomes an .eml file of its run, which any mail program opens."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas import file_names
from schemas.file_names import FileName
from schemas.mail import Delivery, Letter


@dataclass(frozen=True)
class FileMailer:
    """Writes mails as artifacts of a run. Their names hold no address."""

    run_id: str
    deliver: Callable[[str, FileName, bytes], object]

    def send(self, letter: Letter) -> Delivery:
        """Store one mail."""
        self.deliver(self.run_id, file_names.one_of_several(file_names.MAIL, letter.email_sha256[:16]), letter.content)
        return Delivery(outcome="sent")

    def close(self) -> None:
        """Have nothing to close."""
