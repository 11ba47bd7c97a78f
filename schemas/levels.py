"""How much a code stops: a file, a row, a plan, or nothing."""

from typing import Literal

Level = Literal["file", "reject", "held", "concern", "repair", "note"]
"""file: the whole file is rejected. reject: the row goes back to the shop. held: the row
stays in the plan but is not written. concern: a person looks at the plan first. repair: put
right by us and counted. note: said in the report."""
