"""Codes of what is found in files of customers, and what each says to people."""

from schemas.domain import CodeRow

CUSTOMER_CODES: tuple[CodeRow, ...] = (
    (
        "CUST_EMAIL_INVALID",
        "reject",
        "not an e-mail address",
        "write one address, like name@example.com",
    ),
    (
        "CUST_PHONE_INVALID",
        "reject",
        "not a telephone number",
        "write one number with its country code, like +46701234567",
    ),
    ("CUST_ENUM", "reject", "not a word that this column knows", "write one that it knows"),
    ("CUST_DATE", "reject", "not a date", "write it as year-month-day, like 1988-04-02"),
    ("CUST_DATE_AMBIGUOUS", "reject", "can be two dates", "write it as year-month-day, like 1988-04-02"),
    ("CUST_DATE_YEAR", "reject", "the year has two digits", "write it as year-month-day, like 1988-04-02"),
    (
        "CUST_DATE_SERIAL",
        "reject",
        "a spreadsheet's number of days, not a date",
        "give the column a date format, or write it as year-month-day, like 1988-04-02",
    ),
    ("CUST_DATE_RANGE", "reject", "not when a customer was born", "look it up, or leave the cell empty"),
    ("REF_POSTCODE", "reject", "not a postcode of its country", "put the postcode or the country right"),
    ("CUST_REQUIRED", "reject", "nothing stands here", "fill the cell in: without it nobody knows who this is"),
    ("CUST_EMAIL_DUP_FILE", "reject", "the file has this person more than once", "keep the one row that is right"),
    (
        "TIXLY_CUSTOMER_ID_NOT_INT",
        "reject",
        "not a customer number",
        "write the number of the card, or 0 for a new customer",
    ),
    ("TIXLY_CUSTOMER_ID_DUP", "reject", "the number stands in the file more than once", "keep the row that is right"),
    (
        "TIXLY_CUSTOMER_ID_UNKNOWN",
        "held",
        "the register has no card with this number",
        "write the right number, or 0 for a new customer",
    ),
    (
        "TIXLY_CUSTOMER_ID_MOVED",
        "held",
        "the card with this number is another person's, and would be overwritten",
        "write the right number; if it is the same person, change the name and the address one after the other",
    ),
    (
        "CUST_EMAIL_DUP_SERVER",
        "held",
        "another customer has this e-mail address",
        "write that customer's number, or another address",
    ),
    (
        "CUST_EMAIL_SHARED",
        "held",
        "another row of the file gives another customer the same new e-mail address",
        "give it to one of them, or put it into the register by hand first if they share it",
    ),
    (
        "CUST_SAME_PERSON",
        "held",
        "another customer has the same name and date of birth",
        "write that customer's number if it is the same person",
    ),
    ("CUST_SEVERAL", "held", "the register has more than one such customer", "write the number of the right one"),
    ("CUST_TWICE", "held", "two rows of the file are about the same customer", "keep the one row that is right"),
    (
        "CUST_BLANK_OVERWRITES",
        "concern",
        "blank cells would empty what the register holds",
        "run again with blank_cells=keep",
    ),
    (
        "CUST_LEFT_OUT",
        "concern",
        "the system has no place for some filled cells, which are left out",
        "approve the plan, or take these columns out of the file",
    ),
)
