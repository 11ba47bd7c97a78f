"""Two domains from an ugly file to a restore, on this machine: ``make demo``.

It runs the command line as a person would, on a till of its own, and prints what each command
answers. Nothing is made up: every number comes from the runs.
"""

import os
import sys
import time
from pathlib import Path

import click

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
    folder = HOME / "demo" / time.strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)
    os.environ["COUNTERFOIL_TARGET_URL"] = f"sqlite:///{folder / 'till.sqlite'}"
    os.environ["COUNTERFOIL_COUNTRY"] = "SE"  # where the telephone numbers of the second domain are from
    click.echo("Starting storage and a Prefect server (the first time takes about half a minute) ...")

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

    customers = show_customers()

    report, people = folder / "report.html", folder / "customers.html"
    counterfoil("get", applied["run_id"], "report", "-o", str(report))
    counterfoil("get", customers["run_id"], "report", "-o", str(people))
    title("Look at it")
    click.echo(f"The report of step 3:  {report}\nThe rejects file:      {rejects}\nCorrected by hand:     {corrected}")
    click.echo(f"The report of step 8:  {people}")
    click.echo("The same with a user interface, an inbox and schedules:  make up")


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


def title(text: str) -> None:
    """Print a heading between steps."""
    click.echo(f"\n{text}\n{'-' * len(text)}")


def counterfoil(*arguments: str) -> dict[str, str]:
    """Run one command as on the command line, show its account, and return its run for the next step."""
    from flows.__main__ import counterfoil as command  # noqa: PLC0415 - only now is its environment complete
    from infra.opening import ledger  # noqa: PLC0415

    shown = " ".join(Path(a).name if a.startswith("/") else a for a in arguments)
    click.echo(f"$ counterfoil {shown}")
    try:
        command(list(arguments), prog_name="counterfoil")
    except SystemExit as end:
        if end.code in (1, 2, 5):
            sys.exit(f"That should not have happened (exit code {end.code}).")
    latest = ledger().list_runs(1)[0]
    return {"run_id": latest.run.run_id, "plan_id": latest.plan_id}


def correct(rejects: Path) -> Path:
    """Do what a person does in a spreadsheet: type over the cells that were wrong."""
    text = rejects.read_bytes().decode("cp1252")
    for wrong, right in CORRECTIONS:
        text = text.replace(wrong, right, 1)
    corrected = rejects.with_name("corrected.csv")
    corrected.write_bytes(text.encode("cp1252"))
    return corrected


if __name__ == "__main__":
    main()
