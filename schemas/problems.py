"""The errors we raise on purpose, classed by who can put them right.

A message is written for that person: what, where, what would be right, what happens
next. It never holds a full card number, a balance or a secret; those stay in artifacts.
"""

from datetime import datetime
from typing import ClassVar


class Problem(Exception):  # noqa: N818 - the field says problem, not error
    """Base of every error we raise on purpose. People see the message, not the traceback."""

    exit_code: ClassVar[int] = 1

    def __init__(self, says: str, *, code: str = "") -> None:
        """*code* is one of ``schemas.catalogue``, for those who look it up."""
        super().__init__(f"{says} ({code})" if code else says)
        self.says = says
        self.code = code


class FileNeedsFixing(Problem):
    """Ops: correct the file (or the parameter that names it) and run again."""

    exit_code = 2


class SettingsNeedFixing(Problem):
    """Whoever runs the system: set or correct a setting, then run again. Nobody has to touch the file."""

    exit_code = 2


class Refused(Problem):
    """The other side understood and said no. Repeating it will not help."""

    exit_code = 4


class Declined(Refused):
    """A web interface said no: with its HTTP status, and its own code for the reason where it gave one."""

    def __init__(self, says: str, *, status: int, code: str = "") -> None:
        super().__init__(says, code=code)
        self.status = status

    @property
    def is_about_access(self) -> bool:
        """Whether we are not let in, or not to this: so it is with every other change too."""
        return self.status in (401, 403)


class Unavailable(Problem):
    """A system did not answer. Steps try again for a while; then a person runs the same again. Nothing was lost."""

    exit_code = 5


class BudgetSpent(Problem):
    """A system takes no more calls until *opens_at*. What was written is kept, and the rest is written then."""

    exit_code = 5

    def __init__(self, says: str, *, opens_at: datetime) -> None:
        """*says* names the budget, when it opens, and how far the run came."""
        super().__init__(says)
        self.opens_at = opens_at


class Unanswered(Unavailable):
    """A system got a change and did not say what became of it: it may be done. To be looked up, never repeated blindly.

    Where it is caught as an ``Unavailable``, whoever does so can settle what happened by looking.
    """


class Bug(Problem):
    """Us: a fault in Counterfoil itself. The message names the incident, never the values at hand."""

    exit_code = 1
