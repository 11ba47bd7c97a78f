"""Values of JSON answers, as our records hold them."""


def as_text(value: object) -> str:
    """Return a value as text; null is empty."""
    return "" if value is None else str(value)
