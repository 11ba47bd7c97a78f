"""Which names of hosts mean the machine that asks, and so another one to each that does."""

from ipaddress import ip_address


def is_this_machine(host: str) -> bool:
    """Say whether *host* is this machine, by a name or an address of its loopback."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
