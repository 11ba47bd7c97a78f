"""How purchases, rewards and owners are named, and what a name says: the keys of actions carry what Astro is told."""

from urllib.parse import parse_qsl, quote, unquote, urlencode


def purchase_key(customer_id: str, transaction_id: str, **details: str) -> str:
    """Name a purchase on a card. *details* is what Astro is told of it but does not show: sale, amount, date."""
    return _key("purchase", customer_id, transaction_id, **details)


def reward_key(customer_id: str, reward_id: str) -> str:
    """Name an earned reward."""
    return _key("reward", customer_id, reward_id)


def owner_key(customer_id: str) -> str:
    """Name a pet owner."""
    return _key("owner", customer_id)


def _key(*parts: str, **details: str) -> str:
    path = "/".join(quote(part, safe="") for part in parts)
    return f"{path}?{urlencode(sorted(details.items()))}" if details else path


def parts_of(key: str) -> tuple[str, str, str, dict[str, str]]:
    """Return thing, customer id, id (empty for an owner) and what Astro is told besides."""
    path, _, details = key.partition("?")
    thing, customer_id, *of = (unquote(part) for part in path.split("/"))
    return thing, customer_id, of[0] if of else "", dict(parse_qsl(details))
