"""Lists of people that the tests invite."""

from typing import Any

from tests.desk import Desk

PEOPLE = (
    "Firstname,Lastname,E-mail,Language\n"
    "Åsa,Öberg,asa@example.com,sv\n"
    "Jean,Dupont,jean@example.com,fr-BE\n"
    "Bob,O'Neil,bob@example.com,\n"
)
ADDRESSES = {"asa@example.com", "jean@example.com", "bob@example.com"}


def people_named(*names: str) -> str:
    """Write a list of people, each with an address of their name."""
    return "Firstname,Lastname,E-mail,Language\n" + "".join(f"{name},Test,{name}@example.com,en\n" for name in names)


def outcomes(desk: Desk, run_id: str) -> dict[str, tuple[str, str]]:
    """Return, by address, what the list of a run says became of everyone, and the server's answer."""
    lines = desk.read(desk.fetch(run_id, "invitations")).lstrip("\ufeff").replace('""', "").splitlines()
    rows: list[dict[str, Any]] = [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]
    return {row["E-mail"]: (row["Outcome"], row["Answer"]) for row in rows}
