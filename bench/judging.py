"""What the numbers say about the aims: measured, and met or not."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from bench.diffs import BY_HAND, OURS
from bench.measuring import Stage, medians, seconds_of
from bench.running import Diffed, Measured, Peer

MOST_TIMES_THE_FLOOR = {"gift cards": 5, "customers": 4}
MOST_TIMES_THE_BARE_SUM = 1.6
MOST_TIMES_BY_HAND = 1.2
MOST_GIB: Mapping[tuple[str, int], float] = {
    ("gift cards", 10_000_000): 3,
    ("customers", 1_000_000): 1.8,
    ("customers", 10_000_000): 6,
}
FEWEST_TIMES_THE_PEER = {20_000: 50, 100_000: 100}


def times_the_floor(each: Measured) -> float:
    """Return the median of chain over floor, each pair measured one after the other."""
    return _ratio(each.chain, each.floor)


def times_the_bare_sum(each: Measured) -> float:
    """Return the median of chain over bare sum, each pair measured one after the other."""
    return _ratio(each.chain, each.bare)


def _ratio(above: list[list[Stage]], below: list[list[Stage]]) -> float:
    return median(seconds_of(one) / seconds_of(other) for one, other in zip(above, below, strict=True))


def times_by_hand(each: Diffed, name: str) -> float:
    """Return the median of *name* over the join by hand of the same turn."""
    return median(_seconds(run, name) / _seconds(run, BY_HAND) for run in each.runs)


def _seconds(run: Iterable[Stage], name: str) -> float:
    return next(stage.seconds for stage in run if stage.name == name)


def ours(peer: Peer, measured: Iterable[Measured]) -> float | None:
    """Return the seconds of the whole chain on what the peer did; None where that was not measured."""
    same = [each for each in measured if each.scenario == peer.scenario and each.target == "sqlite"]
    return seconds_of(medians(same[0].chain)) if same else None


def aims(measured: Sequence[Measured], diffed: Sequence[Diffed], peers: Sequence[Peer]) -> list[list[str]]:
    """Return a row for each aim that was measured: the aim, what was measured, met or not."""
    updates = [each for each in measured if each.scenario.expected.unchanged]
    million = [row for each in updates if each.scenario.rows == 1_000_000 for row in _beside_floor(each)]
    memory = [_within_memory(each) for each in updates if (each.scenario.records, each.scenario.rows) in MOST_GIB]
    diffs = [_beside_join(each) for each in diffed if each.scenario.rows == 1_000_000]
    rivals = [_beside_peer(peer, seconds) for peer in peers if (seconds := ours(peer, measured)) is not None]
    return [*million, *memory, *diffs, *rivals]


def _beside_floor(each: Measured) -> list[list[str]]:
    most, name = MOST_TIMES_THE_FLOOR[each.scenario.records], f"1M {each.scenario.records}, {each.scenario.title}"
    floor, bare = times_the_floor(each), times_the_bare_sum(each)
    beside_bare = f"{name}: within {MOST_TIMES_THE_BARE_SUM} times the bare sum ({each.target})"
    return [
        [f"{name}: within {most} times the floor ({each.target})", f"{floor:.1f} times", _met(floor <= most)],
        [beside_bare, f"{bare:.1f} times", _met(bare <= MOST_TIMES_THE_BARE_SUM)],
    ]


def _within_memory(each: Measured) -> list[str]:
    most = MOST_GIB[each.scenario.records, each.scenario.rows]
    peak = max(stage.peak_bytes for stage in medians(each.chain)) / 2**30
    aim = f"{each.scenario.rows // 1_000_000}M {each.scenario.records}, {each.scenario.title}: within {most:g} GB"
    return [f"{aim} ({each.target})", f"{peak:.2f} GB", _met(peak <= most)]


def _beside_join(each: Diffed) -> list[str]:
    times = times_by_hand(each, OURS)
    aim = f"1M customers, {each.scenario.title}: the diff within {MOST_TIMES_BY_HAND} times a join by hand"
    return [aim, f"{times:.1f} times", _met(times <= MOST_TIMES_BY_HAND)]


def _beside_peer(peer: Peer, seconds: float) -> list[str]:
    fewest = FEWEST_TIMES_THE_PEER[peer.scenario.rows]
    times = seconds_of(peer.stages) / seconds
    rows = f"{peer.scenario.rows:,} {peer.scenario.records}"
    aim = f"{fewest} times as fast as django-import-export {peer.tuning}, {rows}"
    return [aim, f"{times:.0f} times", _met(times >= fewest)]


def _met(met: bool) -> str:
    return "yes" if met else "**no**"
