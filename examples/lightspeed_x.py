"""Lightspeed X-Series for the demo: a fake of it on this machine, which the tests use too, and a run that is killed.

The fake keeps cards and counts calls as Lightspeed does. Nothing leaves this machine, and no account is needed.
"""

import os
from collections import Counter
from pathlib import Path

import click

from examples.command_line import Fatal, counterfoil, counterfoil_killed, title
from tests.fakes.lightspeed_x import Asked, Lightspeed, lightspeed

CARDS = 72
FATAL_CARD = 30
APPLY = ("--mode", "apply")
EXAMPLES = Path(__file__).parent
STOCK = {"MUG-BLUE": 20, "TOWEL-L": 6, "000123": 25}


def show_lightspeed_x(folder: Path) -> dict[str, str]:
    """Show the chain in a system that is reached by its API, and return the run to look at."""
    with lightspeed(Lightspeed(registers=3)) as fake:
        point_to(fake)
        title(f"16. {CARDS} cards go into Lightspeed X-Series, by its API: a fake of it on this machine, no real shop")
        new = write_cards(folder / "cards-for-lightspeed.csv", "20.00")
        counterfoil("run", "gift-cards", str(new), "--target", "lightspeed_x", *APPLY)
        show_cards(fake)

        title("17. Christmas: 5.00 more on each. Preview: what would change, and how many minutes does writing take?")
        credit = write_cards(folder / "christmas-credit.csv", "5.00")
        top_up = ("run", "gift-cards", str(credit), "--target", "lightspeed_x", "--existing-cards", "top_up")
        counterfoil(*top_up)

        title(f"18. All cards may change. But the process is killed (SIGKILL) while card {FATAL_CARD} is credited")
        chosen = (*top_up, "--max-changed-percent", "100", *APPLY)
        killed = counterfoil_killed(*chosen, when=lambda fatal: call_at_card(fake, FATAL_CARD, fatal))
        show_cards(fake)

        title(f"19. The same again: it finds what was written, also on card {FATAL_CARD}, and credits only the others")
        resumed = counterfoil(*chosen)
        show_cards(fake)

        title("20. No credit after all: restore, also of what the killed run wrote")
        counterfoil("show", killed["run_id"])
        counterfoil("restore", resumed["run_id"], *APPLY)
        counterfoil("restore", killed["run_id"], *APPLY)
        show_cards(fake)
        show_customers(EXAMPLES / "customers-in-the-register.csv")
        show_orders(fake, EXAMPLES / "orders.json")
    return resumed


def show_customers(file: Path) -> None:
    """Show a register of customers, for which one column has no place: a person says that it does not matter."""
    title("21. Its customers. Lightspeed has no place for their languages, so somebody is asked, and says go ahead")
    command = ("run", "customers", str(file), "--target", "lightspeed_x_customers", *APPLY)
    asked = counterfoil(*command)
    counterfoil("approve", asked["plan_id"], "--by", "Maria", "--why", "We do not write to them from Lightspeed")
    counterfoil(*command)


def show_orders(fake: Lightspeed, file: Path) -> None:
    """Show the history of a web shop as sales, of whose products Lightspeed has three."""
    title("22. A web shop's order history becomes sales in Lightspeed. Neutral: today's stock stays as it is")
    for sku, stock in STOCK.items():
        fake.till.add_product(sku, stock=stock)
    fake.till.add_product("POST", tracked=False)
    os.environ["COUNTERFOIL_LIGHTSPEED_X_PAYMENT_TYPE"] = "Web shop"
    os.environ["COUNTERFOIL_LIGHTSPEED_X_SHIPPING_PRODUCT"] = "POST"
    booked = counterfoil("run", "orders", str(file), "--target", "lightspeed_x_till", "--stock", "neutral", *APPLY)
    show_sales(fake)

    title("23. It was the wrong file: restore. Its sales are voided, and stock is as it was")
    counterfoil("restore", booked["run_id"], *APPLY)
    show_sales(fake)


def point_to(fake: Lightspeed) -> None:
    """Set what a person sets to connect a shop."""
    os.environ["COUNTERFOIL_LIGHTSPEED_X_URL"] = fake.url
    os.environ["COUNTERFOIL_LIGHTSPEED_X_TOKEN"] = next(iter(fake.login.tokens))


def write_cards(file: Path, amount: str) -> Path:
    """Write a file that gives every card an amount."""
    rows = [f"GC{3000 + number},{amount}" for number in range(1, CARDS + 1)]
    file.write_text("\n".join(["Number,Balance", *rows, ""]))
    return file


def call_at_card(fake: Lightspeed, number: int, fatal: Fatal) -> None:
    """Let *fatal* be called when that many additions have been asked for; the last is done, its answer is lost."""
    path = "/api/.*/transactions"
    before = fake.count("POST", path)

    def watch(asked: Asked) -> None:
        if asked.path.endswith("/transactions") and fake.count("POST", path) - before == number - 1:
            fatal()

    fake.between = watch


def show_sales(fake: Lightspeed) -> None:
    """Say which sales the fake itself holds, and how much there is."""
    stock = ", ".join(f"{sku} {level:g}" for sku, level in fake.till.stock().items())
    click.echo(f"In Lightspeed now: {', '.join(fake.till.shown())}. Stock: {stock}")


def show_cards(fake: Lightspeed) -> None:
    """Say what the fake itself holds."""
    balances = Counter(card["balance"] for card in fake.cards.cards)
    held = ", ".join(f"{count} cards with {balance}" for balance, count in sorted(balances.items()))
    click.echo(f"In Lightspeed now: {held}")
