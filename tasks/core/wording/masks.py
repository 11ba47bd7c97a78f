"""Card numbers as logs and concerns may show them."""

MOST_SHOWN = 4


def mask(number: str) -> str:
    """Keep the last characters: four at most, and never more than a third of the number."""
    shown = min(MOST_SHOWN, len(number) // 3)
    return "…" + number[len(number) - shown :]
