"""A mapping proposed from what a database says of its tables: by names and types; what these cannot tell is asked.

Nothing of a value is written to the file but the words of a status, of which there are few.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from infra.connectors.own_database.mapping import QUESTION, UNANSWERED
from schemas.domain import Domain
from schemas.problems import SettingsNeedFixing

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "code",
        "cardnumber",
        "cardno",
        "giftcard",
        "giftcardnumber",
        "vouchercode",
        "barcode",
        "kod",
        "voucher",
    ),
    "balance_cents": ("balance", "amount", "remaining", "value", "saldo", "solde", "belopp", "montant", "balancecents"),
    "currency": ("currencycode", "valuta", "devise", "iso", "monnaie"),
    "status": ("state", "lage", "statut", "active", "etat"),
    "customer_id": ("id", "customerno", "kundid", "clientid", "klantid", "customernumber"),
    "email": ("mail", "epost", "courriel", "emailaddress", "mailadress"),
    "first_name": ("firstname", "forename", "givenname", "fornamn", "prenom", "voornaam"),
    "last_name": ("lastname", "surname", "familyname", "efternamn", "nom", "achternaam"),
    "postcode": ("zip", "zipcode", "postalcode", "postnr", "postnummer"),
    "city": ("town", "ort", "stad", "ville", "plaats"),
    "street": ("address", "address1", "adress", "adresse", "addressline1"),
    "phone": ("telephone", "tel", "telefon", "phonenumber"),
}
"""What columns are called besides what files call them, without case, accents and marks."""

STATUS_WORDS: Mapping[str, tuple[str, ...]] = {
    "ACTIVE": ("active", "a", "open", "live", "aktiv", "actif", "issued", "true"),
    "INACTIVE": ("inactive", "new", "inaktiv", "inactif", "pending", "notactivated"),
    "REDEEMED": ("redeemed", "used", "spent", "empty", "utilise", "forbrukad"),
    "VOIDED": ("voided", "void", "cancelled", "canceled", "blocked", "annule", "sparrad", "v"),
    "EXPIRED": ("expired", "expire", "utgangen", "verlopen"),
}
MOST_WORDS = 20
ENOUGH_COLUMNS = 2
"""How many columns of a table must be known by name before it is proposed."""


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A table with those of its columns whose names are known, by ours; more of them is a better guess."""

    table: str
    columns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def guess_table(engine: sa.Engine, domain: Domain, table: str) -> Guess:
    """Return *table*, or where none is named the one whose columns fit best.

    Raises:
        SettingsNeedFixing: There is none, or several fit alike.
    """
    inspector = sa.inspect(engine)
    schema, _, name = table.rpartition(".")
    names = [name] if table else inspector.get_table_names()
    if table and name not in inspector.get_table_names(schema or None):
        raise SettingsNeedFixing(
            f"There is no table {table}. There are: {', '.join(sorted(inspector.get_table_names()))}."
        )
    guesses = [_guess(inspector, domain, each, schema) for each in names]
    best = max((len(each.columns) for each in guesses), default=0)
    fitting = [each for each in guesses if len(each.columns) == best]
    if table:
        return guesses[0]
    if best < ENOUGH_COLUMNS or len(fitting) > 1:
        some = ", ".join(sorted(each.table for each in (fitting if best >= ENOUGH_COLUMNS else guesses)))
        raise SettingsNeedFixing(f"Which table holds {domain.title.lower()}? Say so with --table. There are: {some}.")
    return fitting[0]


def _guess(inspector: sa.Inspector, domain: Domain, table: str, schema: str) -> Guess:
    """Match columns by name; each stands for one of ours at most, the first that it is called like."""
    theirs = {_bare(str(each["name"])): each for each in inspector.get_columns(table, schema or None)}
    found: dict[str, Mapping[str, Any]] = {}
    for ours, called in _names_of(domain).items():
        known = next((theirs.pop(each) for each in called if each in theirs), None)
        if known is not None:
            found[ours] = known
    return Guess(table=f"{schema}.{table}".strip("."), columns=found)


def _names_of(domain: Domain) -> dict[str, list[str]]:
    """Return what each of our columns may be called: by us, in files, elsewhere; the surest first."""
    resource = domain.resource
    headings: dict[str, list[str]] = {}
    for dialect in domain.dialects:
        for column in dialect.columns:
            headings.setdefault(column.name, []).extend([column.heading, *column.aliases])
    names = (resource.key, *resource.columns)
    return {
        name: list(dict.fromkeys(_bare(each) for each in (name, *SYNONYMS.get(name, ()), *headings.get(name, ()))))
        for name in names
    }


def _bare(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def propose(engine: sa.Engine, domain: Domain, guess: Guess, currency: str) -> str:
    """Return the text of a mapping, with a question wherever only a person can know."""
    resource = domain.resource
    key = guess.columns.get(resource.key)
    lines = [
        f"# Where {domain.title.lower()} lie in your database, as map-database proposes: look at every line.",
        f'# {QUESTION} = "..." and "{UNANSWERED}" wait for an answer of yours. To try it:',
        f"# counterfoil map-database {domain.name} --check",
        "",
        f"table = {_quoted(guess.table)}",
    ]
    # a gift card without a word of its currency is none, while a customer without a fax number is one
    needed = {resource.amount, resource.unit, resource.status}
    missing = [each for each in resource.columns if each not in guess.columns and each not in needed]
    if missing:
        lines += [f"not_kept = [{', '.join(map(_quoted, missing))}]  # values of a file that have no column there"]
    lines += ["", "[key]", *_key(engine, guess, key)]
    for name in resource.columns:
        if name in guess.columns or name in needed:
            lines += ["", f"[columns.{name}]", *_column(engine, domain, guess, name, currency)]
    lines += _create(engine, guess)
    return "\n".join(lines) + "\n"


def _key(engine: sa.Engine, guess: Guess, key: Mapping[str, Any] | None) -> Iterator[str]:
    if key is None:
        yield f'column = "{UNANSWERED}"  # the column by which a record is found'
        return
    schema, _, name = guess.table.rpartition(".")
    primary = sa.inspect(engine).get_pk_constraint(name, schema or None)["constrained_columns"]
    numbered = primary == [key["name"]] and isinstance(key["type"], sa.Integer)
    yield f"column = {_quoted(key['name'])}"
    yield f'issued_by = "{"database" if numbered else "file"}"'


def _column(engine: sa.Engine, domain: Domain, guess: Guess, name: str, currency: str) -> Iterable[str]:
    resource, found = domain.resource, guess.columns.get(name)
    if name == resource.amount:
        return _amount(found)
    if found is None:
        return _constant(name, unit=name == resource.unit, currency=currency)
    if name == resource.status:
        return _status(engine, guess, found)
    return [f"column = {_quoted(found['name'])}", *_stored_as(found)]


def _amount(found: Mapping[str, Any] | None) -> Iterator[str]:
    if found is None:
        yield f'column = "{UNANSWERED}"  # the column with the amount'
        yield f'stored_as = "{UNANSWERED}"  # decimal (12.50) or minor_units (1250)'
        return
    yield f"column = {_quoted(found['name'])}"
    if re.search(r"cent|minor|ore$|pence", _bare(found["name"])):
        yield 'stored_as = "minor_units"'
    elif isinstance(found["type"], sa.Numeric):
        yield 'stored_as = "decimal"'
    else:
        yield f'stored_as = "{UNANSWERED}"  # decimal (12 is 12.00) or minor_units (1250 is 12.50)'


def _constant(name: str, *, unit: bool, currency: str) -> Iterator[str]:
    hint = f"the currency of all records ({currency}, by your settings?)" if unit else "ACTIVE, if all of them are"
    yield f'constant = "{UNANSWERED}"  # no column is called like {name}: {hint}; or: column = ".."'


def _stored_as(found: Mapping[str, Any]) -> Iterator[str]:
    kind = found["type"]
    if isinstance(kind, sa.Boolean):
        yield 'stored_as = "words"'
        yield "words = { Yes = true, No = false }"
    elif isinstance(kind, sa.DateTime):
        yield 'stored_as = "moment"'
        yield f'time_zone = "{UNANSWERED}"  # whose clock it shows: UTC, or such as Europe/Paris'
    elif isinstance(kind, sa.Date):
        yield 'stored_as = "date"'
    elif isinstance(kind, sa.Integer):
        yield 'stored_as = "whole_number"'
    elif found["nullable"]:
        yield 'blank = "null"'


def _status(engine: sa.Engine, guess: Guess, found: Mapping[str, Any]) -> Iterator[str]:
    """Give each word that the table uses the one of ours that it is called like; ask about the others."""
    schema, _, name = guess.table.rpartition(".")
    column: sa.ColumnClause[Any] = sa.column(found["name"])
    query = sa.select(column).select_from(sa.table(name, schema=schema or None)).distinct().limit(MOST_WORDS)
    with engine.connect() as connection:
        used = [each for each in connection.scalars(query) if each is not None]
    known = {ours: each for each in used for ours, called in STATUS_WORDS.items() if _bare(str(each)) in called}
    open_words = [each for each in used if each not in known.values()]
    words = ", ".join(f"{ours} = {_quoted(each)}" for ours, each in sorted(known.items()))
    yield f"column = {_quoted(found['name'])}"
    yield 'stored_as = "words"'
    yield f"words = {{ {words} }}"
    missing = ", ".join(ours for ours in STATUS_WORDS if ours not in known)
    if open_words or not known:
        asked = f"Which of {missing} is meant by {', '.join(map(str, open_words)) or 'which value'}? Add it to words."
        yield f"{QUESTION} = {_quoted(asked)}"


def _create(engine: sa.Engine, guess: Guess) -> Iterator[str]:
    """Ask what new records are given where a column must be filled and nothing says with what."""
    schema, _, name = guess.table.rpartition(".")
    inspector = sa.inspect(engine)
    primary = inspector.get_pk_constraint(name, schema or None)["constrained_columns"]
    known = {str(each["name"]) for each in guess.columns.values()}
    asked = [
        each
        for each in inspector.get_columns(name, schema or None)
        if not each["nullable"] and each["default"] is None and each["name"] not in {*known, *primary}
    ]
    if asked:
        yield from ("", "[create]", '# what new records are given; the time of writing is { now = "UTC" }')
    for each in asked:
        yield f'{_quoted(each["name"])} = "{UNANSWERED}"  # {each["type"]}'


def _quoted(value: object) -> str:
    """Write a value in TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
