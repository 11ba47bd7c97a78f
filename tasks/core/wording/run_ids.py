"""The forms in which people write the id of a run: ours, the one that Prefect shows, or a link to its page."""

import re

DIGITS = 12
"""A run's id is the first digits of Prefect's own id of it."""

_WHOLE = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)
_RUN_OF_A_LINK = re.compile(r"/(?:flow-run|flow-runs|flow_runs|runs)/(?!flow-run/)(?P<run>[^/?#\s]+)")


def run_id_in(text: str) -> str:
    """Return the id that *text* names, or the beginning of one; what is no such form is returned as it is.

    Of a link the run counts, and not a deployment that it names too.
    """
    written = text.strip().strip("<>\"'`")
    linked = _RUN_OF_A_LINK.search(written)
    named = linked["run"] if linked else written
    whole = _WHOLE.search(named)
    digits = (whole[0] if whole else named).replace("-", "").lower()
    if re.fullmatch(r"[0-9a-f]+", digits):
        return digits[:DIGITS]
    return named if linked else text


def names_run(text: str) -> bool:
    """Say whether *text* is a run's id in one of its forms."""
    return re.fullmatch(rf"[0-9a-f]{{1,{DIGITS}}}", run_id_in(text)) is not None
