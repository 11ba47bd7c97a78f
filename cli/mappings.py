"""The command that proposes, and checks, where a domain's records lie in a database of the user's own."""

from pathlib import Path

from sqlalchemy import Engine

from cli.answers import Answer
from infra.connectors.own_database.checking import check_mapping
from infra.connectors.own_database.mapping import load_mapping
from infra.connectors.own_database.proposal import guess_table, propose
from infra.context import settings
from infra.databases.database import describe
from infra.databases.errors import translating_errors
from infra.databases.foreign import open_foreign
from infra.own_databases import HELD, mapping_file, open_own_engine
from infra.systems import open_systems
from schemas.domain import Domain
from schemas.problems import SettingsNeedFixing
from tasks.core.wording.words import counted


@open_systems()
def map_database(domain: str, *, url: str = "", table: str = "", check: bool = False) -> Answer:
    """Propose where the records of DOMAIN lie in a database of your own, as a mapping file for you to finish.

    Args:
        domain: What is looked for: gift-cards or customers.
        url: The database, if not that of COUNTERFOIL_OWN_DATABASE_URL. Others on this machine may see what is typed.
        table: The table, where several would do; with its schema where it is not the usual one.
        check: Try the mapping that is there, and change nothing: structure, rights, keys, values.
    """
    wanted = _domain(domain)
    engine = open_foreign(url) if url else open_own_engine(settings())
    file = mapping_file(settings(), wanted.resource)
    return _checked(engine, wanted, file) if check else _proposed(engine, wanted, table, file)


def _domain(name: str) -> Domain:
    known = {domain.name: domain for domain in HELD}
    if name not in known:
        raise SettingsNeedFixing(f"{name} are not kept in a database of your own. Choose one of: {', '.join(known)}.")
    return known[name]


def _proposed(engine: Engine, domain: Domain, table: str, file: Path) -> Answer:
    with translating_errors(describe(engine)):
        guess = guess_table(engine, domain, table)
        text = propose(engine, domain, guess, settings().currency)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError:
        raise SettingsNeedFixing(
            f"{file} is there already, and stays as it is. To try it: counterfoil map-database {domain.name} --check"
        ) from None
    says = (
        f"{file} proposes the table {guess.table}. Look at every line, answer its questions, then: "
        f"counterfoil map-database {domain.name} --check"
    )
    return {"path": str(file), "table": guess.table, "columns": sorted(guess.columns)}, says, 0


def _checked(engine: Engine, domain: Domain, file: Path) -> Answer:
    mapping = load_mapping(file, domain.resource)
    found = check_mapping(engine, mapping, domain.resource, settings().currency)
    document = {
        "path": str(file),
        "table": mapping.table,
        "records": found.records,
        "wrong": found.wrong,
        "notes": found.notes,
    }
    good = f"{mapping.table} fits: {counted(found.records, 'record')}. Nothing was written."
    bad = [f"{mapping.table} does not fit {file} yet:", *(f"  {each}" for each in found.wrong)]
    says = bad if found.wrong else [good]
    return document, "\n".join([*says, *(f"  Note: {each}" for each in found.notes)]), 2 if found.wrong else 0
