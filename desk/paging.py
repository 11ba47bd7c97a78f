"""How many pages a list has, and which of them is shown: there is always one, and none beyond the last."""


def pages_of(total: int, page_rows: int) -> int:
    """Return how many pages *total* rows take; one, where there is nothing."""
    return max(1, -(-total // page_rows))


def within(page: int, pages: int) -> int:
    """Return the page that is shown to whoever asks for *page*, from 1."""
    return max(1, min(page, pages))
