"""Four domains from an ugly file to a restore, and a system behind an API, on this machine: ``make demo``.

It runs the command line as a person would, on a till of its own, and prints what each command
answers. Nothing is made up: every number comes from the runs.
"""

import csv
import os
import time
from pathlib import Path

import click

from examples.closing_time import decide, report_of_today, sell
from examples.command_line import counterfoil, title
from examples.lightspeed_x import show_lightspeed_x
from examples.till import open_till

EXAMPLES = Path(__file__).parent
HOME = Path(os.environ.get("COUNTERFOIL_HOME", "var")).resolve()
CORRECTIONS = [
    ("$20,00", "20,00"),
    ("GC-2007", "GC2007"),
    ("1,23E+15", "1230000000000007"),
    ("-5,00", "5,00"),
    ("12,5o", "12,50"),
    ("gc2010", "GC2015"),
    ("GC2011;;", "GC2011;11,00;"),
    ("2026-11-22", "GC2016"),
]
"""What a person would type over the rejected cells; see the rejects file for why."""


def main() -> None:
    """Show the whole chain, and say what to look at."""
    folder = open_folder()
    click.echo("Starting storage and a Prefect server (the first time takes about half a minute) ...")
    cards = show_gift_cards(folder)
    customers = show_customers()
    orders = show_orders(folder)
    sweep = show_closing_time(folder)
    credit = show_lightspeed_x(folder)
    show_where_to_look(folder, {3: cards, 8: customers, 11: orders, 14: sweep, 19: credit})


def open_folder() -> Path:
    """Make a folder for this demo, with a till of its own."""
    folder = HOME / "demo" / time.strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)
    os.environ["COUNTERFOIL_TARGET_URL"] = f"sqlite:///{folder / 'till.sqlite'}"
    os.environ["COUNTERFOIL_COUNTRY"] = "SE"  # where the telephone numbers of the second domain are from
    return folder


def show_gift_cards(folder: Path) -> dict[str, str]:
    """Show the first domain, and return the run to look at."""
    title("1. A till that already has eight cards")
    counterfoil("run", "gift-cards", str(EXAMPLES / "gift-cards-already-in-the-till.csv"), "--mode", "apply")

    title("2. An ugly file arrives. Preview: what would happen? Nothing is changed")
    file = EXAMPLES / "gift-cards.csv"
    previewed = counterfoil("run", "gift-cards", str(file))

    title("3. Someone looks at the plan and approves it; then good rows go in, the others come back as a file")
    counterfoil("approve", previewed["plan_id"], "--by", "Maria", "--why", "the 1,250 card is our company card")
    applied = counterfoil("run", "gift-cards", str(file), "--mode", "apply")

    title("4. A person corrects the rejects file, and it goes in again: only those rows")
    rejects = folder / "rejects.csv"
    counterfoil("get", applied["run_id"], "rejects", "-o", str(rejects))
    corrected = correct(rejects)
    counterfoil("run", "gift-cards", str(corrected), "--mode", "apply")

    title("5. The same file once more: nothing changes")
    counterfoil("run", "gift-cards", str(file), "--mode", "apply")

    title("6. It was the wrong file after all: restore")
    counterfoil("restore", applied["run_id"], "--mode", "apply")
    counterfoil("verify-run", applied["run_id"])
    return applied


def show_customers() -> dict[str, str]:
    """Show the second domain, and return the run to look at."""
    title("7. A register of customers gets its first four, from a file as Lightspeed eCom writes it")
    counterfoil("run", "customers", str(EXAMPLES / "customers-in-the-register.csv"), "--mode", "apply")

    title("8. A Tixly file, edited by hand: a number was moved, which would make one person another")
    applied = counterfoil("run", "customers", str(EXAMPLES / "customers.csv"), "--mode", "apply")

    title("9. The same file once more: nobody is there twice. Then all of it is undone")
    counterfoil("run", "customers", str(EXAMPLES / "customers.csv"), "--mode", "apply")
    counterfoil("restore", applied["run_id"], "--mode", "apply")
    return applied


def show_orders(folder: Path) -> dict[str, str]:
    """Show the third domain, and return the run to look at."""
    title("10. A web shop's order history, for a till with three products. What would it do to the stock?")
    open_till(os.environ["COUNTERFOIL_TARGET_URL"], EXAMPLES / "products-in-the-till.csv")
    orders = str(EXAMPLES / "orders.json")
    counterfoil("run", "orders", orders)

    title("11. More tea was sold than lies there: it was counted since. So: neutral, today's stock stays")
    chosen = ("--stock", "neutral", "--on-missing-product", "create", "--mode", "apply")
    applied = counterfoil("run", "orders", orders, *chosen)

    title("12. One order waits: its teapot was deleted in the shop. Someone names the till's, and it goes in")
    held = folder / "held.csv"
    counterfoil("get", applied["run_id"], "held", "-o", str(held))
    counterfoil("run", "orders", str(name_product(held, "POT-7")), *chosen)

    title("13. The history once more: nothing changes. Then it is undone: its sales are voided, their stock returned")
    counterfoil("run", "orders", orders, *chosen)
    counterfoil("restore", applied["run_id"], "--mode", "apply")
    return applied


def show_closing_time(folder: Path) -> dict[str, str]:
    """Show the fourth domain, and return the run to look at."""
    title("14. Closing time: what Astro did not take today. There is no access to it here, so the till's sales speak")
    sell(os.environ["COUNTERFOIL_TARGET_URL"])
    report = str(report_of_today(EXAMPLES / "loyalty-failures.csv", folder))
    swept = counterfoil("run", "loyalty", report, "--mode", "apply")

    title("15. Someone works through the worklist: the free good is no purchase, so it is hidden, for good")
    worklist = folder / "worklist.csv"
    counterfoil("get", swept["run_id"], "worklist.csv", "-o", str(worklist))
    counterfoil("resolve", str(decide(worklist, "free good", "hide")), "--mode", "apply", "--by", "Maria")
    return swept


def show_where_to_look(folder: Path, runs: dict[int, dict[str, str]]) -> None:
    """Fetch the report of the run of each step, and say where all files are."""
    title("Look at it")
    for step, run in runs.items():
        counterfoil("get", run["run_id"], "report", "-o", str(folder / f"report-of-step-{step}.html"))
    click.echo(f"The rejects file of step 4:  {folder / 'rejects.csv'}")
    click.echo(f"Corrected by hand:           {folder / 'corrected.csv'}")
    click.echo("The same with a user interface, an inbox and schedules:  make up")


def correct(rejects: Path) -> Path:
    """Do what a person does in a spreadsheet: type over the cells that were wrong."""
    text = rejects.read_bytes().decode("cp1252")
    for wrong, right in CORRECTIONS:
        text = text.replace(wrong, right, 1)
    corrected = rejects.with_name("corrected.csv")
    corrected.write_bytes(text.encode("cp1252"))
    return corrected


def name_product(held: Path, sku: str) -> Path:
    """Do what a person does in a spreadsheet: name the product that each line is to be booked on."""
    rows = list(csv.DictReader(held.read_text(encoding="utf-8-sig").splitlines()))
    named = held.with_name("held-named.csv")
    with named.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"New SKU": sku} for row in rows)
    return named


if __name__ == "__main__":
    main()
