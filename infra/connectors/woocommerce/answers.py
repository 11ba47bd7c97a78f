"""What answers of a WooCommerce shop say of themselves: whether they are lists, when they were given."""

from infra.http.transport import Answer
from schemas.orders.pages import Answered
from schemas.problems import Refused, Unavailable


def listed(answer: Answer) -> tuple[Answered, ...]:
    if not isinstance(answer.data, list) or not all(isinstance(item, dict) for item in answer.data):
        raise Unavailable("The web shop answered with something else than a list.")
    return tuple(answer.data)


def answered_at(answer: Answer) -> str:
    """Return when the shop answered, by its own clock; empty where it does not say."""
    return answer.answered_at.strftime("%Y-%m-%dT%H:%M:%SZ") if answer.answered_at else ""


def expect_changes_are_told(answer: Answer) -> None:
    if answer.data or answer.headers.get("X-WP-Total", "0") != "0":
        raise Refused(
            "The web shop does not tell what changed since when: its WooCommerce is older than 5.8. Update it, then "
            "run again."
        )
