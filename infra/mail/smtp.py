"""A mail server, spoken to step by step: so that of every mail we know whether it may have gone.

Before the server has the whole mail nothing was sent, and all may be tried again. Once it has it,
only its answer tells; where that is missing, the mail is unknown. Texts of the server quote
addresses, so only its numbers are ever told.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from infra.settings import Settings
from schemas.mail import Delivery, Letter
from schemas.problems import Refused, Unavailable

LATER = "Nobody is mailed twice: run the same again in a while (in Prefect: press Retry)."
_ENHANCED = re.compile(rb"^([245]\.\d{1,3}\.\d{1,3})\b")
_TAKEN = (250, 251, 252)
_GOING_DOWN = 421
_GO_AHEAD = 354


class SmtpMailer:
    """One connection to the server of the settings, opened when first needed, and anew when it was lost."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> Delivery:
        """Hand one mail to the server.

        Raises:
            Unavailable: The server did not answer, or not yet; the mail did not go.
            Refused: Authentication failed, or the sender is not accepted.
        """
        with self._reaching():
            server = self._ready()
            refused = self._propose(server, letter)
        return Delivery(outcome="refused", code=refused) if refused else self._hand_over(server, letter.content)

    def greet(self) -> None:
        """Connect and log in, and hand nothing over.

        Raises:
            Unavailable: The server did not answer.
            Refused: Authentication failed, or the connection cannot be kept private as the settings want.
        """
        with self._reaching():
            self._ready()

    def close(self) -> None:
        """Say goodbye, if the server still listens."""
        if self._server:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
        self._drop()

    def _propose(self, server: smtplib.SMTP, letter: Letter) -> str:
        """Name sender and recipient; return the server's code where it does not want this mail."""
        self._expect_sender(*server.mail(letter.sender))
        code, says = server.rcpt(letter.recipient)
        if code in _TAKEN:
            code, says = server.docmd("DATA")
        if code == _GOING_DOWN:
            raise smtplib.SMTPServerDisconnected
        return "" if code == _GO_AHEAD else _in_numbers(code, says)

    def _expect_sender(self, code: int, says: bytes) -> None:
        if code >= 500:
            raise Refused(
                f"The mail server takes no mails from this sender ({_in_numbers(code, says)}). Correct "
                "COUNTERFOIL_MAIL_SENDER or COUNTERFOIL_SMTP_USER, then run again."
            )
        if code >= 400:
            raise smtplib.SMTPServerDisconnected

    def _hand_over(self, server: smtplib.SMTP, content: bytes) -> Delivery:
        """Send the mail itself and wait for the one answer that counts."""
        try:
            server.send(re.sub(rb"(?m)^\.", b"..", content).rstrip(b"\r\n") + b"\r\n.\r\n")
            code, says = server.getreply()
        except (OSError, smtplib.SMTPException):
            self._drop()
            return Delivery(outcome="unknown")
        return Delivery(outcome="sent" if 200 <= code < 300 else "refused", code=_in_numbers(code, says))

    def _ready(self) -> smtplib.SMTP:
        """Return a server that answers: many hang up while nothing is sent."""
        if self._server:
            with suppress(OSError, smtplib.SMTPException):
                if self._server.rset()[0] == 250:
                    return self._server
        self._drop()
        self._server = self._connected()
        return self._server

    def _connected(self) -> smtplib.SMTP:
        ours = self._settings
        context = ssl.create_default_context(cafile=ours.smtp_ca_file)
        if ours.smtp_security == "tls":
            seconds = ours.smtp_timeout_seconds
            server: smtplib.SMTP = smtplib.SMTP_SSL(ours.smtp_host, ours.smtp_port, timeout=seconds, context=context)
        else:
            server = smtplib.SMTP(ours.smtp_host, ours.smtp_port, timeout=ours.smtp_timeout_seconds)
        if ours.smtp_security == "starttls":
            server.starttls(context=context)
        if ours.smtp_user:
            server.login(ours.smtp_user, ours.smtp_password.get_secret_value())
        server.ehlo_or_helo_if_needed()
        return server

    def _drop(self) -> None:
        if self._server:
            self._server.close()
        self._server = None

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Say in our words why the server could not be used."""
        server = f"The mail server {self._settings.smtp_host}:{self._settings.smtp_port}"
        try:
            yield
        except ssl.SSLCertVerificationError:
            raise Refused(
                f"{server} shows a certificate that nobody vouches for. See COUNTERFOIL_SMTP_CA_FILE."
            ) from None
        except ssl.SSLError:
            raise Refused(f"{server} does not speak TLS so. Correct COUNTERFOIL_SMTP_SECURITY or _PORT.") from None
        except smtplib.SMTPNotSupportedError:
            raise Refused(
                f"{server} offers no STARTTLS or no login. Correct COUNTERFOIL_SMTP_SECURITY or _PORT."
            ) from None
        except smtplib.SMTPResponseException as error:
            raise _of_answer(server, error) from None
        except (OSError, smtplib.SMTPException):
            self._drop()
            raise Unavailable(f"{server} did not answer. {LATER}") from None


def _of_answer(server: str, error: smtplib.SMTPResponseException) -> Refused | Unavailable:
    """Judge what a server said while the connection was made: 4xx passes, 5xx is about who we are."""
    if 400 <= error.smtp_code < 500:
        return Unavailable(f"{server} is not ready ({error.smtp_code}). {LATER}")
    return Refused(
        f"{server} refused the login: authentication failed ({error.smtp_code}). Correct COUNTERFOIL_SMTP_USER and "
        "COUNTERFOIL_SMTP_PASSWORD, then run again."
    )


def _in_numbers(code: int, says: bytes) -> str:
    """Return the answer without its words: ``550 5.1.1``."""
    found = _ENHANCED.match(says)
    return f"{code} {found[1].decode()}" if found else str(code)
