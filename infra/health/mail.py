"""The mail server: connected to and greeted, and sent nothing."""

from collections.abc import Iterator

from infra.health.checks import Asked, Attention
from infra.mail import is_practice
from infra.mail.smtp import SmtpMailer
from infra.settings import Settings


def questions(settings: Settings) -> Iterator[Asked]:
    """List what is asked of the mail server, where one is set."""
    if not is_practice(settings):
        yield Asked(system="Mail", what="login", ask=lambda: _greet(settings))


def _greet(settings: Settings) -> str:
    mailer = SmtpMailer(settings)
    try:
        mailer.greet()
    finally:
        mailer.close()
    private = "without encryption" if settings.smtp_security == "none" else f"by {settings.smtp_security}"
    login = f"the login of {settings.smtp_user} is accepted" if settings.smtp_user else "no login is set"
    if not settings.mail_sender:
        raise Attention("the server answers, but COUNTERFOIL_MAIL_SENDER is not set: mails cannot be sent")
    return f"{settings.smtp_host}:{settings.smtp_port} answers, {private}; {login}"
