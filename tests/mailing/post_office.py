"""A real mail server (aiosmtpd) that behaves as the address of a mail asks: it takes it, refuses it or hangs up."""

import datetime as dt
import email
import ipaddress
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.stack.ports import free_port

USER, PASSWORD = "shop", "a secret of the shop"
RECIPIENT_ANSWERS = {
    "gone": "550 5.1.1 <gone@example.com> no such user here",
    "full": "452 4.2.2 mailbox full",
    "leaving": "421 closing",
}


@dataclass(kw_only=True)
class PostOffice:
    """What arrived, and how the server of it is reached (``settings``). Its answers may be changed while it runs."""

    settings: dict[str, str] = field(default_factory=dict)
    arrived: list[EmailMessage] = field(default_factory=list)
    sender_answer: str = "250 OK"
    recipient_answers: dict[str, str] = field(default_factory=lambda: dict(RECIPIENT_ANSWERS))

    def letters(self) -> Counter[str]:
        """Count the mails that arrived for each address."""
        return Counter(str(message["X-Recipient"]) for message in self.arrived)

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_answer.startswith("2"):
            envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipient_answers.get(address.partition("@")[0], "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (recipient,) = envelope.rcpt_tos
        if recipient.startswith("spam"):
            return "554 5.7.1 looks like spam"
        message = email.message_from_bytes(envelope.content or b"", policy=default)
        message["X-Recipient"] = recipient
        self.arrived.append(message)  # type: ignore[arg-type]
        if recipient.startswith("silent") and server.transport:
            server.transport.abort()
        return "250 OK"


def only_the_shop(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=known)  # a failure that is "handled" would never be answered


@contextmanager
def open_post_office(security: str, folder: Path) -> Iterator[PostOffice]:
    """Run a server on 127.0.0.1 with STARTTLS, TLS or none of both; with either a login is needed."""
    office = PostOffice()
    certificate = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    kept_private: dict[str, dict[str, Any]] = {
        "starttls": {"tls_context": context, "require_starttls": True},
        "tls": {"ssl_context": context, "auth_require_tls": False},
        "none": {},
    }
    login = {"authenticator": only_the_shop, "auth_required": True} if security != "none" else {}
    port = free_port(set())
    server = Controller(office, hostname="127.0.0.1", port=port, **kept_private[security], **login)
    server.start()
    credentials = {"smtp_user": USER, "smtp_password": PASSWORD, "smtp_ca_file": str(certificate)} if login else {}
    office.settings |= {"smtp_host": "127.0.0.1", "smtp_port": str(port), "smtp_security": security, **credentials}
    try:
        yield office
    finally:
        server.stop()


def make_certificate(folder: Path) -> Path:
    """Write key and certificate of 127.0.0.1, vouched for by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    dated = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    certificate = dated.add_extension(address, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "certificate.pem"
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
