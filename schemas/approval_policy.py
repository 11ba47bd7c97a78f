"""What a shop asks of whoever approves a plan, beside a name and a reason."""

from dataclasses import dataclass
from typing import Literal

Proof = Literal["name", "passkey"]
"""What an approval takes: a typed name, or the signature of a passkey."""


@dataclass(frozen=True, kw_only=True)
class Demands:
    """``four_eyes``: that it is of somebody who started no run of the plan. ``proof``: what it takes."""

    four_eyes: bool = False
    proof: Proof = "name"


NOTHING_MORE = Demands()
