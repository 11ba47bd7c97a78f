"""How long something takes, as people say it."""


def duration_text(seconds: int) -> str:
    """Return seconds below a minute, else minutes, hours or days, rounded up: ``2 h 25 min``."""
    if seconds < 60:
        return f"{seconds} s"
    minutes = -(-seconds // 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(days, "days" if days > 1 else "day"), (hours, "h"), (minutes, "min")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count)
