"""Sentences of how runs ended that are about a single kind of run, or seldom. They join ``schemas.sentences``."""

_INVITED = ("to be sent", "sent", "suppressed", "already invited", "no address")
ENDING_SENTENCES: tuple[str | tuple[str, str], ...] = (
    # invitations
    *((f"%(num)s {name}", f"%(num)s {name}") for name in _INVITED),
    "%(counts)s (mails in %(languages)s)",
    "nobody to invite",
    "nobody to invite (mails in %(languages)s)",
    "Nothing was sent. Look at the sample mails and the list; to go ahead, run with mode apply.",
    "Nothing was sent. Look at the templates and the list; to go ahead, run with mode apply.",
    "Fetch mailing-list.csv into your mail tool, once: these people count as invited now.",
    "Some are still due: run again. Nobody gets a second mail.",
    "Some were refused: see the answers in invitations.csv, correct the addresses.",
    "Of some mails nobody knows whether they went, so they are never sent again by themselves. These people are in "
    "invitations.csv; ask the mail server's log, or eCom's, then invite who got nothing under another campaign.",
    "Correct the rejects file and invite from it: only those rows go in again.",
    "Some customers have no address that a mail can be sent to: tell them another way.",
    "No mail server is set (COUNTERFOIL_SMTP_HOST): mails only become .eml files of this run, and nobody gets one. "
    "This is a campaign of its own, so everyone can still be mailed.",
    "Lightspeed eCom was asked for one mail alone (invitations.csv says whose). Ask that person whether it arrived, "
    "just one, and whether its link sets a password. If so, run again with canary_arrived; nobody is mailed twice.",
    "The one mail that goes before all others did not go: see invitations.csv, then run again.",
    "The mail server took none of %(mails)s mails in a row, so it was given up: see its answers in invitations.csv, "
    "and whether it lets this sender mail at all. Then run again.",
    # uploads, and what is looked at by hand
    "%(cells)s was not verified, because the interface does not show this (%(columns)s; see not-shown.csv). After the "
    "next export import the file again: whatever did not arrive is planned again.",
    "%(cells)s were not verified, because the interface does not show this (%(columns)s; see not-shown.csv). After "
    "the next export import the file again: whatever did not arrive is planned again.",
    ("%(num)s cell", "%(num)s cells"),
    "Lightspeed did not answer an adjustment of stock, and does not show it: it may never have arrived. Look at the "
    "products of these records under Catalog, Inventory; once you know, see the page on connecting Lightspeed.",
    "Lightspeed shows only a part of an adjustment of stock. Adjust the rest of these products there, each by just "
    "that much, under the reason %(back)s or %(out)s, then run the same again.",
    # plans that are named
    "Plan %(plan)s is not what would be done now: %(moved)s. The plan is now %(new)s. Nothing was changed. Look at "
    "the new plan, then approve %(again)s.",
    "Plan %(plan)s was named with other concerns than there are now: %(concerns)s. Nothing was changed.",
    "Plan %(plan)s lets nothing through.",
    # how a file was read
    "amounts: decimal comma, %(thousands)s (as declared; cells such as 1,234 can be read two ways and are rejected: "
    "%(cells)s)",
    "amounts: decimal point, %(thousands)s (as declared; cells such as 1,234 can be read two ways and are rejected: "
    "%(cells)s)",
    "amounts: decimal comma, %(thousands)s (as declared; the column mixes formats: %(comma)s cells fit only a decimal "
    "comma, %(point)s only a decimal point)",
    "amounts: decimal point, %(thousands)s (as declared; the column mixes formats: %(comma)s cells fit only a decimal "
    "comma, %(point)s only a decimal point)",
    "dates: %(order)s (concluded from the column)",
    "no rows; an earlier attempt of this run wrote: %(counts)s",
)
