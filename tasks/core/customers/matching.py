"""Which record of a register a row is about, and whether it may be: nobody's card becomes another person's.

Sources: the help article on the Tixly register (a changed CustomerID overwrites the other person's card),
contracts/tixly.md 3.1 (what is compared).
"""

import polars as pl

from tasks.core.customers.identities import NOTIFICATION, births, emails, names, natural_keys
from tasks.core.customers.values import Register

SETTLED = "settled"
"""Of a record: another row of the file is about it, and says nothing new."""


def matched(rows: pl.DataFrame, held: pl.DataFrame, register: Register, *, updates_by_email: bool) -> pl.DataFrame:
    """Return *rows* with what is known of their person added.

    ``match``: the number of the record the row is about, null if there is none. ``code`` and ``detail``:
    why it must be held. ``natural_key``: by what a person without a number is known. ``asks_new``: the
    row asks for a new customer, whoever is there. *held* are the records in question, of all partitions.
    """
    held = held.sort(pl.col("customer_id").str.len_bytes(), "customer_id")  # the first of several is named
    people = _described(rows, rows, register)
    cards = _described(held, rows, register)
    found = people.join(
        cards.select(match="customer_id", id="customer_id"),
        left_on="customer_id",
        right_on="id",
        how="left",
        maintain_order="left",
    )
    for column in ("natural_key", "birth", "email_key"):
        found = found.join(_holders(cards, column), on=column, how="left", maintain_order="left")
    new = pl.col("customer_id") == ""
    known = found.with_columns(match=pl.when(new).then("by_natural_key").otherwise("match"))
    own = cards.select("customer_id", own_email="email_key", own_name="name", own_birth="birth")
    judged = known.join(own, left_on="match", right_on="customer_id", how="left", maintain_order="left")
    settled = held["customer_id"].filter(held[SETTLED])
    concluded = judged.with_columns(_verdict(new, settled), asks_new=new & pl.lit(not updates_by_email))
    return pl.concat([rows, concluded.select("match", "code", "detail", "natural_key", "asks_new")], how="horizontal")


def having(frame: pl.LazyFrame, column: str, values: pl.Series) -> pl.DataFrame:
    """Return the rows with one of *values*, in the order of *frame*; of the others no other column is read."""
    return frame.filter(pl.col(column).is_in(values.implode())).collect()


def in_question(before: pl.LazyFrame, rows: pl.DataFrame, register: Register, settled: pl.Series) -> pl.DataFrame:
    """Return the records that any of *rows* can be about: by number, address, or name and date of birth.

    *settled* are the numbers of records that other rows are about.
    """
    known = before.select("customer_id", "email").collect()
    address = pl.Series("address", emails(known, register))
    asked = pl.Series("address", emails(rows, register))
    wanted = known["customer_id"].is_in(rows["customer_id"].implode())
    wanted |= (address == "") | address.is_in(asked.implode())
    if "born_on" in rows.columns and "last_name" in rows.columns:
        births_before = _named_and_born(before.select("last_name", "born_on").collect())
        wanted |= births_before.is_in(_named_and_born(rows).drop_nulls().implode())
    found = having(before.select("customer_id", *NOTIFICATION), "customer_id", known["customer_id"].filter(wanted))
    # asked this way round it takes a look at each of the many, the other way a table of them all
    also = settled.filter(settled.is_in(found["customer_id"].implode()))
    return found.with_columns(pl.col("customer_id").is_in(also.implode()).alias(SETTLED))


def _named_and_born(people: pl.DataFrame) -> pl.Series:
    both = pl.concat_str(pl.col("last_name").str.to_lowercase(), pl.lit("|"), pl.col("born_on"))
    return people.select(pl.when(pl.col("born_on") != "").then(both)).to_series()


def _described(people: pl.DataFrame, rows: pl.DataFrame, register: Register) -> pl.DataFrame:
    """Describe people by the columns that *rows* have: register and file are compared by the same."""
    return pl.DataFrame(
        {
            "customer_id": people["customer_id"],
            "natural_key": natural_keys(people, register, rows.columns),
            "email_key": emails(people, register),
            "name": names(people, rows.columns),
            "birth": births(people, rows.columns),
        }
    )


def _holders(cards: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return for each text the first record that has it, and how many have."""
    held = cards.filter(pl.col(column) != "").group_by(column)
    return held.agg(pl.col("customer_id").first().alias(f"by_{column}"), pl.len().alias(f"{column}_holders"))


def _verdict(new: pl.Expr, settled: pl.Series) -> list[pl.Expr]:
    """Say why a row must be held; the first reason counts."""
    unknown = ~new & pl.col("match").is_null()
    twice = pl.col("match").is_duplicated() | pl.col("match").is_in(settled.implode())
    another_email = ~new & _held_by_another("email_key")
    another_birth = _held_by_another("birth") & ~(new & pl.col("match").is_not_null())
    reasons = [
        (pl.col("match").is_not_null() & twice, "CUST_TWICE", pl.lit("")),
        (new & (pl.col("natural_key_holders") > 1), "CUST_SEVERAL", pl.lit("")),
        (unknown, "TIXLY_CUSTOMER_ID_UNKNOWN", _named(pl.coalesce("by_email_key", "by_birth"))),
        (~new & _is_another_person(), "TIXLY_CUSTOMER_ID_MOVED", _named(pl.coalesce("by_email_key", "by_birth"))),
        (another_email, "CUST_EMAIL_DUP_SERVER", _named(pl.col("by_email_key"))),
        (_shares_a_new_address(new), "CUST_EMAIL_SHARED", pl.lit("")),
        (another_birth, "CUST_SAME_PERSON", _named(pl.col("by_birth"))),
    ]
    code, detail = pl.lit(""), pl.lit("")
    for applies, name, words in reversed(reasons):
        code = pl.when(applies).then(pl.lit(name)).otherwise(code)
        detail = pl.when(applies).then(words).otherwise(detail)
    return [code.alias("code"), detail.alias("detail")]


def _is_another_person() -> pl.Expr:
    """Neither name nor address is that of the card: nothing says that it is the same person."""
    name = (pl.col("name") != "") & (pl.col("name") == pl.col("own_name"))
    address = (pl.col("email_key") != "") & (pl.col("email_key") == pl.col("own_email"))
    says_who = (pl.col("name") != "") | (pl.col("email_key") != "")
    has_a_name = (pl.col("own_name") != "") | (pl.col("own_email") != "")
    return pl.col("match").is_not_null() & says_who & has_a_name & ~name & ~address


def _held_by_another(column: str) -> pl.Expr:
    """Another record has the same, and the row's own has not: it would be this row that makes two of it."""
    holder, own = pl.col(f"by_{column}"), pl.col("own_email" if column == "email_key" else "own_birth")
    return holder.is_not_null() & holder.ne_missing(pl.col("match")) & own.ne_missing(pl.col(column))


def _shares_a_new_address(new: pl.Expr) -> pl.Expr:
    """Another row gives the same address to another customer, and the row's own record does not have it yet."""
    address = pl.col("email_key")
    return ~new & (address != "") & address.is_duplicated() & pl.col("own_email").ne_missing(address)


def _named(number: pl.Expr) -> pl.Expr:
    return pl.when(number.is_not_null()).then(pl.format("customer {}", number)).otherwise(pl.lit(""))
