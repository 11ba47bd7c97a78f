"""Sentences that runs compose in English, with places for what they name: so that they can be said in any language.

A pair is said of one and of many, by the number in the place ``num``. The catalogues hold every one of them. A text
that is no sentence of these is said as it was composed; that none of a concern is missing, a test sees to.
"""

from schemas.database_sentences import DATABASE_SENTENCES
from schemas.ending_sentences import ENDING_SENTENCES
from schemas.installation_sentences import INSTALLATION_SENTENCES
from schemas.problem_sentences import PROBLEM_SENTENCES
from schemas.system_sentences import SYSTEM_SENTENCES

_COUNTED = ("new", "changed", "removed", "unchanged", "held", "in conflict", "refused", "unknown", "rejected")
Sentences = tuple[str | tuple[str, str], ...]
SENTENCES: Sentences = (
    *PROBLEM_SENTENCES,
    *SYSTEM_SENTENCES,
    *DATABASE_SENTENCES,
    *INSTALLATION_SENTENCES,
    *ENDING_SENTENCES,
    *((f"%(num)s {name}", f"%(num)s {name}") for name in _COUNTED),
    # parts of others
    ("%(num)s day", "%(num)s days"),
    ("%(num)s day %(rest)s", "%(num)s days %(rest)s"),
    "line %(line)s",
    "row %(row)s (line %(line)s)",
    "%(lines)s, in a spreadsheet row %(rows)s",
    "%(lines)s, in a spreadsheet rows %(rows)s",
    "%(listed)s and %(more)s more places",
    "%(listed)s and %(more)s more",
    "%(calls)s calls, up to %(time)s",
    "%(calls)s calls, up to %(time)s; undoing it: %(undo)s calls, up to %(undo_time)s",
    # how far a run has come
    "Changes written: %(done)s of %(all)s",
    "Mails sent: %(done)s of %(all)s",
    "Pages fetched: %(done)s of %(all)s",
    "Customers looked up: %(done)s of %(all)s",
    "up to %(time)s left",
    # limits
    (
        "%(num)s record would change, more than the usual %(most)s",
        "%(num)s records would change, more than the usual %(most)s",
    ),
    "%(changed)s of %(all)s existing record would change (%(percent)s %%), more than the usual %(most)s",
    "%(changed)s of %(all)s existing records would change (%(percent)s %%), more than the usual %(most)s",
    "%(amount)s would be added in all, more than the usual %(most)s",
    "%(amount)s would be moved in all, more than %(above)s: somebody who did not submit it has to approve it",
    "%(amount)s would be moved in all with the other parts of the same file or run, more than %(above)s: somebody who "
    "did not submit it has to approve it",
    (
        "it is not known what became of %(num)s change of that run; what was done of it stays",
        "it is not known what became of %(num)s changes of that run; what was done of it stays",
    ),
    (
        "%(num)s record would be worth more than %(most)s, the largest %(largest)s (rounded up)",
        "%(num)s records would be worth more than %(most)s, the largest %(largest)s (rounded up)",
    ),
    (
        "%(num)s card would be worth more than %(most)s, the largest %(largest)s (rounded up)",
        "%(num)s cards would be worth more than %(most)s, the largest %(largest)s (rounded up)",
    ),
    (
        "%(num)s order would be worth more than %(most)s, the largest %(largest)s (rounded up)",
        "%(num)s orders would be worth more than %(most)s, the largest %(largest)s (rounded up)",
    ),
    "writing takes %(calls)s calls, up to %(time)s, more than the usual %(usual)s",
    "the %(currency)s amounts of the file are on average %(times)s times larger than those of the target: are "
    "they cents written as units, or the other way round?",
    "the %(currency)s amounts of the file are on average %(times)s times smaller than those of the target: are "
    "they cents written as units, or the other way round?",
    # what a file says, and may not mean
    "%(num)s long numbers end in zeros from the 16th digit on (lines %(lines)s)",
    "letters seem to be lost, or written twice over, in %(places)s",
    "%(heading)s (line %(lines)s)",
    "%(heading)s (lines %(lines)s)",
    "%(few)s of %(all)s numbers are shorter than the other %(many)s (%(digits)s digits): leading zeros may be lost",
    "%(few)s of %(all)s SKUs are shorter than the other %(many)s (%(digits)s digits): leading zeros may be lost",
    "%(few)s of %(all)s cells of %(heading)s are shorter than the other %(many)s (%(digits)s digits): leading "
    "zeros may be lost",
    "the heading %(heading)s says that its numbers count something else than whole units; they are read as they stand",
    "%(heading)s says %(words)s on 1 row (lines %(lines)s)",
    "%(heading)s says %(words)s on %(rows)s rows (lines %(lines)s)",
    "the total on %(place)s is %(stated)s, the rows add up to %(sum)s",
    "the total on %(place)s is %(stated)s, the rows add up to %(sum)s, leaving out %(unread)s rejected for their "
    "amount",
    "%(system)s has no place for 1 filled cell, left out (%(listed)s)",
    "%(system)s has no place for %(cells)s filled cells, left out (%(listed)s)",
    "%(num)s numbers look like payment cards, such as %(number)s (lines %(lines)s)",
    "%(most)s of these %(all)s top-ups add the same amount to the same card as an earlier top-up did",
    "row %(row)s is hidden in the sheet %(sheet)s and was read",
    "rows %(rows)s are hidden in the sheet %(sheet)s and were read",
    "cells of several rows are merged in the sheet %(sheet)s: %(cells)s; only the first row of each holds them",
    "cells of several rows are merged in the sheet %(sheet)s: %(cells)s and more; only the first row of each "
    "holds them",
    "%(heading)s in row %(rows)s: the sheet shows fewer decimals than the cell holds, and all of them were read",
    "%(heading)s in rows %(rows)s: the sheet shows fewer decimals than the cell holds, and all of them were read",
    "%(heading)s looks like a date on 1 row (lines %(lines)s)",
    "%(heading)s looks like a date on %(rows)s rows (lines %(lines)s)",
    "%(heading)s is blank on 1 row (lines %(lines)s): read as none",
    "%(heading)s is blank on %(rows)s rows (lines %(lines)s): read as none",
    ("%(num)s filled cell would be emptied", "%(num)s filled cells would be emptied"),
    # orders and products of web shops
    "%(num)s orders have lines that are part of a bundle, and which line is the bundle cannot be told",
    "%(num)s lines were put back in stock in part, and by which of their refunds cannot be told",
    (
        "%(num)s sale is voided at the till, by a restore or by hand, and would count again",
        "%(num)s sales are voided at the till, by a restore or by hand, and would count again",
    ),
    "%(num)s orders gave back more for a line than it was sold for; booked as the shop says",
    "%(num)s orders gave back more than the lines of their refunds say; the rest is booked without product",
    (
        "the stock of %(num)s product would be below zero, the lowest at %(lowest)s",
        "the stock of %(num)s products would be below zero, the lowest at %(lowest)s",
    ),
    (
        "%(num)s product would be sold out in the web shop, %(below)s of them below zero: %(named)s",
        "%(num)s products would be sold out in the web shop, %(below)s of them below zero: %(named)s",
    ),
    "%(named)s, and %(more)s more",
    "%(num)s products were asked for in the web shop, and it said no (%(answer)s): what the till would overwrite "
    "there is not shown, and new products are as the last line sold has them",
    (
        "%(num)s order would get a mark, but this web shop stores orders the old way, where a mark does not move "
        "the date of change: an integration that asks what changed does not see them, one that is told by the "
        "shop does",
        "%(num)s orders would get a mark, but this web shop stores orders the old way, where a mark does not "
        "move the date of change: an integration that asks what changed does not see them, one that is told by "
        "the shop does",
    ),
    # loyalty failures
    "at risk (%(currency)s)",
    (
        "%(num)s action in Astro is of classes that no policy lets through by itself: %(classes)s",
        "%(num)s actions in Astro are of classes that no policy lets through by itself: %(classes)s",
    ),
    "the report of redemptions lacks %(missing)s of %(expected)s open failures, and %(rejected)s of its rows "
    "could not be read; nothing is taken for resolved",
    "the report of transactions lacks %(missing)s of %(expected)s open failures, and %(rejected)s of its rows "
    "could not be read; nothing is taken for resolved",
    "the report of redemptions lacks %(missing)s of %(expected)s open failures, which nobody dealt with; nothing "
    "is taken for resolved",
    "the report of transactions lacks %(missing)s of %(expected)s open failures, which nobody dealt with; "
    "nothing is taken for resolved",
    "no report has arrived since %(day)s: what failed since is not known",
    "no report of redemptions was read from %(last)s to %(day)s: what failed from %(first)s to %(since)s may "
    "have come and gone unseen",
    "no report of transactions was read from %(last)s to %(day)s: what failed from %(first)s to %(since)s may "
    "have come and gone unseen",
    "%(file)s: %(lines)s of 1 row cannot be read (%(places)s): what the file lacks proves nothing",
    "%(file)s: %(lines)s of %(rows)s rows cannot be read (%(places)s): what the file lacks proves nothing",
    "%(file)s cannot be read, and was left out: %(why)s Until then nobody knows from it what was sold, and no "
    "failure is proven by it",
    "%(file)s cannot be read, and was left out: %(why)s Until then nobody knows from it what was sold on "
    "%(day)s, and no failure is proven by it",
    "%(file)s cannot be read, and was left out: %(why)s Until then nobody knows from it what was sold from "
    "%(from)s to %(to)s, and no failure is proven by it",
    (
        "%(num)s failure is told more than once, with another %(what)s (lines %(lines)s): the first row is taken",
        "%(num)s failures are told more than once, with another %(what)s (lines %(lines)s): the first row is taken",
    ),
    # how a run ended in one line, and under which title
    "Loyalty failures, %(day)s",
    "Orders, shop and till compared",
    "Invitations, campaign %(campaign)s",
    "Customers, export",
    (
        "%(num)s open failure, %(new)s new, %(rejected)s rejected",
        "%(num)s open failures, %(new)s new, %(rejected)s rejected",
    ),
    "at risk: %(amount)s",
    "at risk: %(amount)s, and nobody knows of %(unknown)s",
    "at risk: nobody knows",
    "actions in Astro: %(counts)s",
    *((f"%(num)s {name}", f"%(num)s {name}") for name in ("planned", "done", "not allowed yet", "done before")),
    "no report has arrived yet",
    "an earlier attempt of this run wrote: %(counts)s",
    ("%(num)s decision entered", "%(num)s decisions entered"),
    ("%(num)s decision to enter", "%(num)s decisions to enter"),
    "no worklist was dropped",
    ("%(num)s order agrees", "%(num)s orders agree"),
    *((f"%(num)s {name}", f"%(num)s {name}") for name in ("doubted", "missing", "different", "gone", "exported")),
    # what to do next
    "To have failures watched, drop Astro's report in the inbox under loyalty. A shop without loyalty programmes can "
    "pause its schedule: in Prefect, under Deployments, sweep-loyalty-failures.",
    "Nothing was remembered and nobody was told. To do so, run with mode apply.",
    "Work through the worklist: at the desk under Loyalty, or worklist.xlsx from the top. Of the file, fill in "
    "decision and note, then drop it in the inbox under loyalty-decisions, or counterfoil resolve FILE.",
    "The worklist has the %(most)s failures that press most; the next one has what follows.",
    "Astro could be asked to put some right: name their classes with act, look at the plan, approve it.",
    "Correct the rejects files and drop them in the inbox: they are read as more rows.",
    "Records in conflict were changed in Astro meanwhile and were left alone.",
    "Astro refused some actions: do them by hand, by the worklist.",
    "Astro has not answered for some actions; the next sweep looks before it asks again.",
    "Nothing was remembered. To enter the decisions, run with mode apply.",
    "Import the missing orders by their ids: %(ids)s.",
    "Look at the rejects file: it says what is against each decision. Decide again and hand it in.",
    (
        "%(num)s written record does not hold what was written: changed by someone since, or the write was lost. "
        "See read-back.parquet.",
        "%(num)s written records do not hold what was written: changed by someone since, or the write was lost. "
        "See read-back.parquet.",
    ),
    "The %(currency)s control totals differ from what was expected: other changes were made to the target during "
    "this run, or something is wrong. Compare the totals in the report.",
    "The numbers of records differ from what was expected: other changes were made to the target during this "
    "run, or something is wrong. Compare the totals in the report.",
    "Plan %(plan)s needs approval: %(concerns)s. Nothing was changed.",
    "To go ahead, look at the report. Then, in Prefect: start the run again (Copy to new run) with %(named)s. Or at a "
    "terminal: %(command)s, and run the same again (in Prefect: press Retry).",
    "To go ahead, look at the report. Then, in Prefect: start the run again (Copy to new run) with %(named)s. Or at a "
    "terminal: %(command)s, and run the same again (in Prefect: press Retry); or run it with %(overrides)s.",
    "The run waits for a decision: open it in Prefect and press Resume.",
    "The run waits for a decision: open it in Prefect and press Resume. %(moved)s",
    "Its process was killed, or its machine went away. Press Retry in Prefect, or run the same again: what is "
    "left is planned again, and nothing is done twice.",
    (
        "Earlier attempts of this run had written %(num)s changes.",
        "Earlier attempts of this run had written %(num)s changes.",
    ),
    "Cut off before anything was to be written",
    "Cut off before anything was written",
    "Cut off while it wrote",
    ("%(num)s change was not reached", "%(num)s changes were not reached"),
    # how a file was read
    "%(kind)s, %(encoding)s, cells separated by comma",
    "%(kind)s, %(encoding)s, cells separated by semicolon (FILE_DELIMITER)",
    "%(kind)s, %(encoding)s, cells separated by tab (FILE_DELIMITER)",
    "%(kind)s, sheet %(sheet)s",
    "%(repair)s: repaired once (%(code)s)",
    "%(repair)s: repaired %(count)s times (%(code)s)",
    "amounts: decimal comma, %(thousands)s (as chosen)",
    "amounts: decimal point, %(thousands)s (as chosen)",
    "amounts: decimal comma, %(thousands)s (as declared; no cell says otherwise)",
    "amounts: decimal point, %(thousands)s (as declared; no cell says otherwise)",
    "amounts: decimal comma, %(thousands)s (concluded from %(some)s of %(all)s cells)",
    "amounts: decimal point, %(thousands)s (concluded from %(some)s of %(all)s cells)",
    "no thousands mark",
    "thousands comma",
    "thousands point",
    "thousands blank",
    "thousands apostrophe",
    "read as %(encoding)s: the file is neither marked nor UTF-8 (FILE_ENCODING)",
    "the headings stand on line %(line)s; what is above them was skipped",
    "columns that are not read: %(columns)s (FILE_HEADER_UNKNOWN)",
    "%(column)s is taken for the error column of an earlier rejects file and is not read",
    "the total on %(place)s has no amount that can be read; it was left out",
    "the total on %(place)s is the sum of the rows: %(sum)s",
    "read the sheet %(sheet)s",
    "sheets that are not read: %(sheets)s",
    "hidden sheets, not read: %(sheets)s",
    "rows left out on purpose, as their error cells say: %(rows)s",
    # how orders and reports were fetched
    (
        "%(num)s order fetched, %(refunded)s of them with refunds",
        "%(num)s orders fetched, %(refunded)s of them with refunds",
    ),
    "%(num)s of them were missed by the list, which moved, and fetched by id",
    "%(num)s of them did not change, and are looked at again as they are held",
    "%(num)s of them are in the till",
    (
        "%(num)s order was named; whether they arrived was not asked",
        "%(num)s orders were named; whether they arrived was not asked",
    ),
    "JSON, as a web shop writes it",
    "corrections of orders that run %(run)s holds",
    "%(num)s orders were paid in part with gift cards or credit, %(sum)s in all",
    "%(num)s orders have refunds whose amounts were told without their minus",
    "%(num)s names of lines were HTML, and are plain text now",
    "%(num)s names of lines have half a character in them, shown as %(sign)s",
    ("%(num)s product of the till is not in the web shop", "%(num)s products of the till are not in the web shop"),
    "columns that the file cannot hold: %(columns)s",
    "No report was dropped for this day.",
    "%(file)s, redemptions of %(day)s: %(read)s read, %(rejected)s rejected",
    "%(file)s, transactions of %(day)s: %(read)s read, %(rejected)s rejected",
    "read from table %(table)s of the page",
    ("%(num)s customer is known by the link of their name", "%(num)s customers are known by the link of their name"),
    (
        "%(num)s customer is known by name and sale: the report tells no number",
        "%(num)s customers are known by name and sale: the report tells no number",
    ),
    (
        "%(num)s failure is to be looked up: several customers have that name",
        "%(num)s failures are to be looked up: several customers have that name",
    ),
    (
        "%(num)s time is of an hour that there was twice: the first is taken (LOYALTY_TIME_TWICE)",
        "%(num)s times are of an hour that there was twice: the first is taken (LOYALTY_TIME_TWICE)",
    ),
    "Products: %(counts)s.",
    *((f"%(num)s {name}", f"%(num)s {name}") for name in ("created", "updated")),
)
