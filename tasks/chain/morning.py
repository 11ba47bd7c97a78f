"""What is open in a shop in the morning, and what happened since yesterday: counts, for a message."""

from collections import Counter
from datetime import timedelta

from infra.clock import now
from infra.context import ledger
from infra.ledger.open_notes import Note, NoteBook
from infra.ledger.open_things import LOOKS_BACK, OpenThings
from infra.ledger.run_lists import RunLists, Sought
from tasks.core.notifications.letters import Morning
from tasks.core.notifications.standings import is_watched

_MOST_RUNS = 10_000


def what_is_open() -> Morning:
    """Count what is left to do, and how the runs of the last day ended that somebody did not merely look with."""
    moment, engine = now(), ledger().engine
    notes = NoteBook(engine).all()
    left = OpenThings(engine).list_all(now=moment, since=moment - LOOKS_BACK)
    undropped = [each for each in left if notes.get((each.entry.run.run_id, each.left), Note()).dropped_at is None]
    since = Sought(since=moment - timedelta(days=1))
    runs, _ = RunLists(engine).find(since, limit=_MOST_RUNS)
    return Morning(
        open_things=Counter(each.left for each in undropped),
        ended=Counter(each.outcome for each in runs if not is_watched(each.run)),
    )
