"""Where people reach the desk, and under which address a page of it lies: for whatever leads them there."""

from infra.settings import Settings
from infra.stack.state import read_state

ONLY = "here"
"""How addresses name the shop of an installation that has one; its own name is empty."""
_USUAL = "http://127.0.0.1:8765"


def segment(shop: str) -> str:
    """Return how addresses name a shop."""
    return shop or ONLY


def desk_address(settings: Settings) -> str:
    """Return where people reach the desk: as set, or as it runs on this machine."""
    state = read_state(settings.home.resolve())
    return settings.desk_url or (state.addresses.get("desk_url", "") if state else "") or _USUAL


def page_of_run(settings: Settings, run_id: str) -> str:
    """Return the address of a run's page, or of the list of runs where there is none of it."""
    runs = f"{desk_address(settings)}/shops/{segment(settings.shop)}/runs"
    return f"{runs}/{run_id}" if run_id else runs


def page_of_people(settings: Settings) -> str:
    """Return the address of the page that says who may do what in a shop."""
    return f"{desk_address(settings)}/shops/{segment(settings.shop)}/people"


def page_of_open_things(settings: Settings) -> str:
    """Return the address of the page with what is left to do in a shop."""
    return f"{desk_address(settings)}/shops/{segment(settings.shop)}/open"
