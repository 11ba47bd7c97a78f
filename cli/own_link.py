"""``python -m cli.own_link``: a link by which whoever runs the local stack signs in at its desk, with every role."""

import getpass
import sys

import click

from cli.people import sign_in_link
from infra.clock import now
from infra.context import shared_ledger
from infra.ledger.identities import IdentityBook
from infra.ledger.people import PeopleBook
from infra.settings import read_installation
from infra.shops import read_shops
from infra.systems import open_installation
from schemas.people import ROLES
from schemas.problems import Problem, Refused


def own_link() -> str:
    """Return the link; the account is made where there is none."""
    installation = read_installation()
    shops = tuple(read_shops(installation)) if installation.shops_file else ("",)
    with open_installation():
        book, name = PeopleBook(shared_ledger().engine), getpass.getuser()
        found = book.find(name)
        if found and IdentityBook(book.engine).has_one(found[0].person_id):
            raise Refused(f"{name} signs in by the identity provider, and is given no roles here.")
        people = [book.add(name, shop=shop, roles=ROLES, now=now()) for shop in shops]
        return sign_in_link(people[-1])


if __name__ == "__main__":
    try:
        click.echo(own_link())
    except Problem as problem:
        click.echo(str(problem), err=True)
        sys.exit(problem.exit_code)
