"""What the numbers say about the aims: measured, and met or not."""

from collections.abc import Iterable, Sequence
from statistics import median

from bench.measuring import medians, seconds_of
from bench.running import Measured, Peer

MOST_TIMES_THE_FLOOR = 1.5
MOST_BYTES = 3 * 2**30
FEWEST_TIMES_THE_PEER = {20_000: 50, 100_000: 100}


def ratio(each: Measured) -> float:
    """Return the median of chain over floor, each pair measured one after the other."""
    pairs = zip(each.chain, each.floor, strict=True)
    return median(seconds_of(chain) / seconds_of(floor) for chain, floor in pairs)


def ours(peer: Peer, measured: Iterable[Measured]) -> float | None:
    """Return the seconds of the whole chain on what the peer did; None where that was not measured."""
    same = [each for each in measured if each.scenario == peer.scenario and each.target == "sqlite"]
    return seconds_of(medians(same[0].chain)) if same else None


def aims(measured: Sequence[Measured], peers: Sequence[Peer]) -> list[list[str]]:
    """Return a row for each aim that was measured: the aim, what was measured, met or not."""
    updates = [each for each in measured if each.scenario.kind == "update"]
    million = [_beside_floor(each) for each in updates if each.scenario.rows == 1_000_000]
    memory = [_within_memory(each) for each in updates if each.scenario.rows == 10_000_000]
    rivals = [_beside_peer(peer, seconds) for peer in peers if (seconds := ours(peer, measured)) is not None]
    return [*million, *memory, *rivals]


def _beside_floor(each: Measured) -> list[str]:
    aim = f"1M cards within {MOST_TIMES_THE_FLOOR} times the floor ({each.target})"
    return [aim, f"{ratio(each):.1f} times", _met(ratio(each) <= MOST_TIMES_THE_FLOOR)]


def _within_memory(each: Measured) -> list[str]:
    peak = max(stage.peak_bytes for stage in medians(each.chain))
    return [f"10M cards within 3 GB ({each.target})", f"{peak / 2**30:.2f} GB", _met(peak <= MOST_BYTES)]


def _beside_peer(peer: Peer, seconds: float) -> list[str]:
    fewest = FEWEST_TIMES_THE_PEER[peer.scenario.rows]
    times = seconds_of(peer.stages) / seconds
    aim = f"{fewest} times as fast as django-import-export {peer.tuning}, {peer.scenario.rows:,} rows"
    return [aim, f"{times:.0f} times", _met(times >= fewest)]


def _met(met: bool) -> str:
    return "yes" if met else "**no**"
