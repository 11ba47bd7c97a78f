"""Sentences of problems: what people who hand in files and decide about plans most often read when a run ends early.

They join ``schemas.sentences``, with those about databases, other systems and the installation itself.
"""

_A_NAME_ALONE = "This shop asks for a passkey. Approve the plan with yours, on the page of its run at the desk."

PROBLEM_SENTENCES: tuple[str | tuple[str, str], ...] = (
    "Replace the file under the same name and press Retry.",
    # files that cannot be read
    "%(file)s: there is no such file. Drop it there and run again.",
    "%(file)s: %(size)s bytes, more than the %(most)s allowed. Split the file.",
    "%(file)s is empty: it has not a single byte. Export it again.",
    "%(file)s holds headings but no rows below them. Export it again, with its rows.",
    "%(file)s is too large: %(size)s bytes where %(most)s are allowed. Split it, with the headings in each part, and "
    "hand in the parts one by one.",
    "%(file)s has more than %(most)s lines. Split it, with the headings in each part.",
    "%(file)s, line %(line)s: %(columns)s columns where %(most)s are allowed. Keep only the columns that are needed.",
    "%(file)s, line %(line)s: a cell is longer than %(most)s characters. Is a quote not closed there, or is the file "
    "not a table? Correct the line or export the file again.",
    "%(file)s, line %(line)s: a quote opens a cell there and is not closed, so it would swallow the rows below. Close "
    "it, or write it twice if it belongs to the text, and run again.",
    "%(file)s: there is no heading row. One of the first %(lines)s lines must hold the headings %(headings)s. Add it "
    "above the rows and run again.",
    "%(file)s, line %(line)s: %(lacking)s. Correct it and run again.",
    "the heading %(quoted)s is missing",
    "the heading %(quoted)s is missing; %(rest)s",
    "%(quoted)s is not a heading we know; did you mean %(meant)s?",
    "%(quoted)s is not a heading we know; did you mean %(meant)s?; %(rest)s",
    "%(file)s, line %(line)s: %(headings)s are headings of the same column. Keep one of them and run again.",
    "%(file)s is not a table we can read: it seems to be %(seems)s. Open it where it came from, save it as CSV (UTF-8) "
    "or as an Excel workbook (.xlsx), and hand that in.",
    *("a PDF document", "an image (PNG)", "an image (JPEG)", "an image (GIF)", "an image (TIFF)"),
    *("a compressed file (gzip)", "a compressed file (7z)", "a compressed file (rar)", "a text document (RTF)"),
    *("a Parquet file", "a database (SQLite)", "an XML file"),
    "a web page (HTML), although it may carry a spreadsheet's name",
    "UTF-16 text without the mark (BOM) that says so",
    "no text, or damaged text: line %(line)s holds a NUL byte",
    "%(file)s looks like a workbook but cannot be opened: it is damaged or cut off. Open it in a spreadsheet, save it "
    "again, and hand that in.",
    "%(file)s is protected by a password. Save it without one and hand that in.",
    "%(file)s is an old Excel workbook (.xls), which cannot be read safely. Open it in a spreadsheet, save it as .xlsx "
    "or as CSV (UTF-8), and hand that in.",
    "%(file)s is marked as %(encoding)s but holds bytes that are not: it is damaged or cut off. Export it again.",
    "%(file)s is neither UTF-8 nor %(encoding)s, the encoding expected of this shop. Save it as 'CSV UTF-8', or "
    "declare the right code page.",
    "%(file)s: the sheets %(sheets)s all have the headings, and only one can be meant. Hide or delete the others, save "
    "the workbook and run again.",
    # another run at the same
    "Run %(run)s is changing %(place)s in the same target (%(target)s) just now. Nothing was changed by this one. Look "
    "at the other with: counterfoil show %(other)s; once it has ended, run this again.",
    # decisions about plans
    f"A name alone approves nothing here: {_A_NAME_ALONE}",
    f"%(who)s approved plan %(plan)s by name alone, which is not enough here. {_A_NAME_ALONE}",
    "%(who)s approved plan %(plan)s, but this is new since: %(concerns)s",
    "Plan %(plan)s was carried out already. Run the file again for a new plan.",
    "Plan %(plan)s has expired. Run the file again, then decide about the new plan.",
    "Plan %(plan)s was made by an earlier version of Counterfoil, in which anything sold meanwhile made another plan "
    "of it. It can no longer be decided about. Run the file again, then decide about the new plan.",
    "Plan %(plan)s was approved already, by %(who)s. Nothing was changed.",
    "Plan %(plan)s was rejected already, by %(who)s. Nothing was changed.",
    "Nobody is named as having started the run, so nobody can be told apart. Start it with a name.",
    "Who submits a run may not approve its plan. Ask someone else to decide.",
    "The decision about plan %(plan)s came too late. Press Retry to be asked again.",
    "Nobody knows the passkey that approved plan %(plan)s. Nothing was changed.",
    "The passkey that approved plan %(plan)s was removed since, perhaps as it was lost. Nothing was changed. Run the "
    "same again, and approve the plan with another.",
    "What was signed is no approval of plan %(plan)s. Nothing was changed.",
    "More is of concern about plan %(plan)s than was signed. Nothing was changed.",
    # plans that moved
    "Since plan %(plan)s was shown: %(moved)s.",
    "%(who)s approved plan %(plan)s, which is not what would be done now: %(moved)s.",
    "%(who)s turned down plan %(plan)s, which is not what would be done now: %(moved)s.",
    "%(records)s moved in the target meanwhile",
    "%(records)s would become something else than was shown",
    "%(records)s would be written too, which was not shown",
    "%(records)s would be held now, for it moved in the target meanwhile",
    "%(records)s would not be written any more",
    ("%(num)s record", "%(num)s records"),
    "it is about %(records)s in %(target)s",
    "it was made with other settings (%(names)s)",
    "records that go with it would be written too",
    "what goes with it is done already",
    # what was asked for
    "Run %(run)s changed nothing, so there is nothing to put back.",
    "%(target)s cannot undo: what was handed over must be put right in that system itself.",
    "lines=%(lines)s names no lines. Write them like 2-40, 57, then run again.",
    "Run %(run)s waits for no answer: it has no unknown changes.",
    # approvals that are taken back
    "The approval of plan %(plan)s was taken back. Nothing was changed. To go ahead all the same, approve it anew: on "
    "the page of its run at the desk, or with %(command)s.",
    "Plan %(plan)s was carried out already. To put it back, undo the run that did.",
    "No approval of plan %(plan)s counts any more: there is none to take back. Look at the page again.",
    "Plan %(plan)s is being carried out already, by run %(run)s, so its approval cannot be taken back. Once that run "
    "has ended, undo it.",
    # undoing, and uploads
    "Run %(run)s changed no records that can be put back: it was %(flow)s. What was sent or done in another system "
    "cannot be undone from here.",
    "%(file)s is the export from which the upload of run %(run)s was made. Upload the file, export everything again, "
    "and give that export.",
    "Run %(run)s has not ended: there is no upload of it that could be put back.",
    "Nobody has said yet what became of the upload of run %(run)s (%(changes)s changes are unknown). Was it never "
    "uploaded? Then there is nothing to put back. Else export everything again, drop the export in %(folder)s, run "
    "counterfoil confirm %(again)s, then this again.",
    "No export in %(folder)s is newer than run %(run)s, so it cannot be seen what is there now. Export everything "
    "again, drop the export there, and run again.",
    "No export in %(folder)s is newer than run %(run)s. Upload its file, export all customers again, drop the export "
    "there (or name it), and run again.",
    "There is no export of the register in %(folder)s. Export all customers there, drop the file in that folder of "
    "the bucket as it is, and run again.",
    "%(target)s has no exports.",
    "%(target)s has no lists of cards.",
    "%(target)s cannot top up: it only takes new cards. Run with existing_cards hold or set.",
    "%(file)s: %(missing)s of its %(keys)s was not changed by that run. Write one key a line, and only keys that the "
    "run changed.",
    "%(file)s: %(missing)s of its %(keys)s were not changed by that run. Write one key a line, and only keys that the "
    "run changed.",
    ("%(num)s key", "%(num)s keys"),
    ("%(num)s row", "%(num)s rows"),
    "%(strange)s of the %(rows)s of the answer was not in the upload of this run. Is it the answer to another upload? "
    "Nothing was recorded.",
    "%(strange)s of the %(rows)s of the answer were not in the upload of this run. Is it the answer to another "
    "upload? Nothing was recorded.",
    "%(file)s: the rows on these lines %(what)s: %(lines)s.",
    "cannot be read",
    "have no customer number",
    "have a customer number that stands twice",
    "have no readable number",
    "have no readable balance",
    "have none of the statuses %(statuses)s",
    "have a number twice",
    "Nothing can be compared with such a list. Export all gift cards again, drop the file in the same folder as it is "
    "and run again.",
    "The export has no column for: %(columns)s. %(rows)s of %(all)s customers would go up without it. Export the "
    "register with such a column, or take it out of your file, and run again.",
    "The export is written in %(encoding)s, which has not all the characters of lines %(lines)s of your file. Export "
    "the register as UTF-8, or write those cells otherwise, and run again.",
    "The export is written in %(encoding)s, which has not all the characters that would go back. Export the register "
    "as UTF-8, or write those cells otherwise, and run again.",
    # inviting
    "No address was named. Write it like name@example.com, or name a file with one a line.",
    "%(file)s is no text file. Save it as CSV, then run again; nobody is mailed before.",
    "%(file)s: %(wrong)s lines or addresses cannot be read. Write one address a line, below one line of headings; "
    "nobody is mailed before.",
    "Run %(run)s changed no customers. Name a run that imported customers: counterfoil runs.",
    "Run %(run)s has written nothing yet. Run it with mode apply, then invite.",
    "Mail template %(file)s: %(error)s. Correct it, then run again.",
    "Mail template %(file)s holds no %(link)s. Write it where the link belongs.",
    "The channel ecom_password is off: that Lightspeed eCom mails a customer whose doNotifyPassword is written is "
    "assumed, not known. Try it on a customer of your own, then set COUNTERFOIL_ECOM_PASSWORD_MAILS=true and run "
    "again.",
    "Mails to customers need %(settings)s. Set what is missing, then run again.",
    "campaign: write 1 to 64 letters, digits, blanks, dots or dashes, then run again.",
    "max_recipients: write 1 or more, or leave it empty, then run again.",
    "Name either a run (run_id) or a file in the inbox (inbox_key), then run again.",
    # loyalty failures
    "%(file)s is not what a relay sends: an object with redemptions and transactions.",
    "%(file)s is a web page without anything on it. Save it again, with its tables.",
    "%(file)s is a web page without tables. Save the page of the report itself.",
    "%(file)s has the %(kind)s failures twice. Save the page again, and run again.",
    "%(file)s: there is no such worklist, neither in the folder where the command was given nor in the inbox. A "
    "worklist lies with the sweep that wrote it: counterfoil get %(run)s worklist.xlsx. Fill in decision and note, "
    "then: counterfoil resolve FILE, or drop it in the inbox under loyalty-decisions.",
    # orders
    "Name either orders by id, or days, statuses and changes. Correct that, then run again.",
    "%(quoted)s is no id of an order. Ids are numbers, such as 1042; see the shop's list.",
    "%(quoted)s is no status. Write them like completed, processing or on-hold.",
    "%(quoted)s is no day. Write it like 2024-03-31.",
    "%(quoted)s is no instant. Write it like 2024-03-31T12:00:00Z.",
    "%(file)s holds no rejected orders: the fields that say what is wrong are missing.",
    "This JSON holds no list of orders: it must begin with [. Export the orders again.",
    "This is not JSON as a web shop writes it. Export the orders again.",
    "COUNTERFOIL_WOO_STATES: %(quoted)s does not say what a status means. Write it like shipped=closed.",
    "This shop was never followed. Say from which day on, with since=2024-03-31; what was ordered before and has not "
    "changed since comes in by importing orders.",
    "%(file)s is not there. Fill in the held.csv of a run, and drop it there by that name.",
    "The file does not say which run it corrects. Fill in the held.csv of that run, and leave its column %(quoted)s "
    "as it is.",
    "The till has no register to book sales on. Open it first, with: counterfoil run stock FILE --mode apply.",
    "Which register are the sales booked on? The till has %(registers)s. Name one of them.",
    "Register %(register)s stands in another outlet. Give the name of one in %(outlet)s.",
    "%(target)s keeps no stock, so orders cannot be imported into it.",
    "Name either orders (order_ids) or days (from_on, to_on), then run again.",
    "Name the orders (order_ids), or the first day to look at (from_on), then run again.",
    "fields: write one or several of %(fields)s, with commas between them.",
    "The till keeps no stock that we could read.",
    "outlet_id: the till has no stock in an outlet %(quoted)s. Correct it or leave it out.",
    # more about files
    "%(file)s, line 1: it declares %(quoted)s as what stands between cells. That can be a comma, a semicolon, a tab "
    "or a bar. Save the file with one of them and run again.",
    "%(file)s: %(quoted)s looks like the number by which people are known, and would not be read as one. If it is, "
    "name the column %(ways)s; else choose the dialect yourself, or take the column out. Nothing was read.",
    "%(quoted)s if this is a file of %(dialect)s or %(rest)s",
    "%(quoted)s if this is a file of %(dialect)s",
    "There is no encoding called %(quoted)s: correct COUNTERFOIL_CODE_PAGE.",
    "%(file)s cannot be the name of a file in the inbox. Write it like inbox/gift cards 2026.csv: folders and a file "
    "name, with / between, without '..' and without any of \\ < > : \" | ? *",
    "The file has no heading %(quoted)s. It has: %(headings)s.",
    "There is no column %(quoted)s in %(dialect)s. There are: %(columns)s.",
    "Or say what a heading of yours means, with --column 'HEADING=COLUMN'; columns: %(columns)s.",
    "No headings are saved as %(quoted)s. Save them: counterfoil headings FILE --save %(name)s",
    "%(file)s unpacks to %(size)s bytes where %(most)s are allowed. Save only the sheet that is needed, or split it.",
    "%(file)s unpacks to %(times)s times its size, which no real workbook does. Save the rows as CSV (UTF-8) and hand "
    "that in.",
    "%(file)s, sheet %(quoted)s has %(what)s. Copy the table alone into a new sheet, or save it as CSV, and hand that "
    "in.",
    "%(file)s is no rejects file: the columns that say what is wrong are missing.",
    "a cell in column %(column)s and row %(row)s, far from the table",
    "the same cell repeated over hundreds of thousands of places",
)
