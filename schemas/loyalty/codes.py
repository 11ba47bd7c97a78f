"""The codes of loyalty failures, their reports and their worklists: what each says, and what would be right.

Part of ``schemas.catalogue``, which is where codes are looked up.
"""

from schemas.levels import Level

LOYALTY_CODES: tuple[tuple[str, Level, str, str], ...] = (
    ("LOYALTY_TIME", "reject", "not a day and time", "write it like 2026-11-20 17:45"),
    ("LOYALTY_TIME_AMBIGUOUS", "reject", "can be two days", "write it like 2026-11-20 17:45"),
    ("LOYALTY_TIME_SKIPPED", "reject", "the clocks went forward, there was no such time", "put the time right"),
    (
        "LOYALTY_TIME_TWICE",
        "note",
        "the clocks went back, there were two such times: the first is taken",
        "nothing to do",
    ),
    ("LOYALTY_TIME_AHEAD", "reject", "after the day of the sweep", "put the day right"),
    ("LOYALTY_UPC", "reject", "not an item's code", "write its 6 to 14 digits as text, with leading zeros"),
    ("LOYALTY_QUANTITY", "reject", "not a quantity", "write it like 1 or 0.5"),
    ("LOYALTY_NOBODY", "reject", "neither name nor number of the customer", "give one of them"),
    ("LOYALTY_ANSWER", "reject", "not an answer of the API in a form we know", "look at it where it came from"),
    (
        "LOYALTY_REPORT_SHORT",
        "concern",
        "the report lacks failures that nobody dealt with",
        "export it again, or run again with believe_short_report=true",
    ),
    (
        "LOYALTY_TOLD_OTHERWISE",
        "concern",
        "rows tell one failure with different amounts, quantities or programmes: the first is taken",
        "look which row is right; take the others out and drop the file again",
    ),
    ("LOYALTY_REPORT_AWAITED", "concern", "reports came before, and now none", "save the report and drop it"),
    ("LOYALTY_DAYS_MISSED", "concern", "failures may have come and gone that no report showed", "sweep every day"),
    (
        "LOYALTY_SALES_UNREAD",
        "concern",
        "a file of sales has rows that cannot be read, so that what it lacks proves nothing",
        "put them right in the file and drop it again under the same name",
    ),
    (
        "LOYALTY_SALES_FILE",
        "concern",
        "a file of sales cannot be read at all, so that it proves nothing",
        "put it right and drop it again under the same name, or take it out of loyalty-sales",
    ),
    (
        "LOYALTY_DECISION",
        "reject",
        "not a decision",
        "write hide, done, added by hand, enrolled, exception added or wrong",
    ),
    ("LOYALTY_DECISION_TWICE", "reject", "decided twice, differently", "keep the one row that is right"),
    ("LOYALTY_KEY_UNKNOWN", "reject", "no failure of ours", "leave the column failure_key as it was"),
    (
        "LOYALTY_DECISION_DOUBTED",
        "held",
        "what Astro and the till say today is against it",
        "look again, or decide again",
    ),
    (
        "LOYALTY_WAITS",
        "held",
        "Astro could be asked to put it right, but nobody allowed its class",
        "run again with act, look at the plan and approve it; or do it by hand",
    ),
    (
        "LOYALTY_THERE",
        "held",
        "Astro has this transaction id already, with something else",
        "add what is missing by hand, by the worklist",
    ),
    (
        "LOYALTY_UNATTENDED",
        "concern",
        "actions in Astro that no policy lets through by itself",
        "look at the plan, then approve it",
    ),
)
