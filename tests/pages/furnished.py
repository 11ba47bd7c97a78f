"""A desk on which every page has something to show: runs of every colour, what is open, a worklist, a waiting run."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import HTTPException

from desk.safety import TOO_LARGE
from infra.clock import now
from schemas.problems import Refused, Unavailable
from tests.desk import Desk
from tests.pages.desks import Browser, OpenDesk
from tests.sweeping.shop import TRANSACTIONS, transaction

TODAY = f"{now():%Y-%m-%d}"
TOO_LONG = "This page was open for too long. Go back, load it again, and send it again."
NO_ANSWER = (
    "The S3 store at http://store did not answer. Nothing was lost: run the same again in a while (in Prefect: press "
    "Retry)."
)
IN_TILL = {"QZX0001": 10_00, "QZX0002": 20_00, "QZX0003": 30_00}
CARDS = (
    "Number;Balance\nQZX0001;10,00\nQZX0002;25,00\nQZX0004;40,00\nQZX0005;1750,00\n"
    "<script>alert(1)</script>;1,00\nQZX0006;=1+1\nQZX0007;12,5o\n"
)
CUSTOMERS = (
    "Firstname,Lastname,E-mail,Phone,City,Country,Birthdate\n"
    "Zoé,Dupré,zoe@example.org,+33 1 42 68 53 00,Paris,France,1988-04-02\n"
    "Nils,Ek,nils@example.se,,Lund,Suède,31/12/1970\n"
    "Bo,Berg,bo@@example.se,,Lund,SE,\n"
)


@dataclass(frozen=True, kw_only=True)
class Furnished:
    """The desk, the browser of somebody who may do everything, and addresses that only what happened there has.

    ``readme``: addresses of the pages that the README shows, by the names of their pictures.
    ``fills``: what stands for each part of an address that differs; a page with a part of another name adds its own.
    ``faces``: addresses of pages that show more than their plain address does.
    ``wrong``: addresses of the pages that say what went wrong, one a status.
    """

    desk: OpenDesk
    maria: Browser
    readme: Mapping[str, str]
    fills: Mapping[str, str]
    faces: tuple[str, ...]
    wrong: tuple[str, ...]

    def pages(self) -> list[str]:
        """List an address of every page that opens without a form, and of its other faces; files are no pages."""
        return [*(address for address in self._addresses() if self._is_page(address)), *self.wrong]

    def _is_page(self, address: str) -> bool:
        answer = self.maria.client.get(address)
        assert answer.status_code < 500, answer.text
        return answer.headers["content-type"].startswith("text/html")

    def _addresses(self) -> list[str]:
        paths = [path for path, methods in self.desk.application.openapi()["paths"].items() if "get" in methods]
        return [*(re.sub(r"{(\w+)}", lambda part: self.fills[part[1]], path) for path in paths), *self.faces]


def furnish(opened: OpenDesk) -> Furnished:
    """Let a week happen at a desk."""
    maria = opened.sign_in("Maria", "submit", "approve", "undo", "people")
    opened.sign_in("Otto", "submit")
    terminal = Desk(environment=opened.environment, folder=opened.folder)
    terminal.put_in_till(IN_TILL)
    terminal.write("cards.csv", CARDS)
    terminal.write("customers.csv", CUSTOMERS)
    terminal.write("few.csv", "Number;Balance\nQZX0008;10,00\nQZX0009;2O,00\n")
    previewed = terminal.run("cards.csv", "--existing-cards", "set", "--by", "Maria")
    held = terminal.run("cards.csv")
    applied = terminal.run("few.csv", "--mode", "apply", code=4)
    uploaded = terminal.run("few.csv", "--mode", "apply", "--target", "lightspeed_x_csv", code=4)
    restored = terminal.ask("restore", applied["run_id"])
    customers = terminal.import_customers("customers.csv", "--mode", "apply", code=4)
    terminal.run(terminal.write("no.csv", "Nummer;Sum of all\n1;2\n"), code=2)
    unreadable = _first(maria, "/shops/here/runs", r'/shops/here/runs/(\w+)"')
    failures = transaction("77", "S-1", TODAY) + transaction("78", "S-2", TODAY, upc="036000291452")
    terminal.write(f"failures-{TODAY}.csv", TRANSACTIONS + failures)
    swept = terminal.ask("run", "loyalty", f"failures-{TODAY}.csv", "--mode", "apply", "--day", TODAY)
    runs = (previewed, held, uploaded, restored, customers, swept)
    return Furnished(
        desk=opened,
        maria=maria,
        readme={
            "preview": f"/shops/here/runs/{previewed['run_id']}",
            "correct": f"/shops/here/runs/{uploaded['run_id']}/correct",
            "open": "/shops/here/open",
        },
        fills={
            "shop": "here",
            "run_id": applied["run_id"],
            "cause_id": _first(maria, "/shops/here/loyalty", r'/shops/here/loyalty/(\w+)"'),
            "domain": "gift-cards",
            "flow": "sync-orders",
            "kind": "csv",
            "name": "report.html",
            "token": "of-nobody",
            "sha256": "0",
        },
        faces=(
            f"/shops/here/runs/{unreadable}",
            *(f"/shops/here/runs/{run['run_id']}" for run in runs),
            *(f"/shops/here/runs/{run['run_id']}/files/report.html" for run in (previewed, customers, swept)),
            f"/shops/here/runs/{customers['run_id']}/correct",
            *_before_a_preview(maria),
        ),
        wrong=(*break_pages(opened), "/shops/here/runs/none", f"/shops/here/runs/{applied['run_id']}?at=none"),
    )


def break_pages(opened: OpenDesk) -> tuple[str, ...]:
    """Add pages on which things go wrong as they can on any; return their addresses."""

    def go_wrong(status: int) -> None:
        problems = {409: Refused("Run 1 waits for no answer: it has no unknown changes."), 503: Unavailable(NO_ANSWER)}
        if status in problems:
            raise problems[status]
        if status == 500:
            raise ZeroDivisionError
        raise HTTPException(status, {403: TOO_LONG, 413: TOO_LARGE}[status])

    opened.application.add_api_route("/shops/{shop}/goes-wrong/{status}", go_wrong, include_in_schema=False)
    return tuple(f"/shops/here/goes-wrong/{status}" for status in (403, 409, 413, 500, 503))


def _before_a_preview(maria: Browser) -> tuple[str, str]:
    """Upload a file; return the address where its preview is asked for, and that of a run that has not begun."""
    maria.open("/shops/here/")
    maria.press("/upload", files={"file": ("more.csv", b"Number;Balance\nQZX0010;10,00\n")})
    asking = maria.address
    maria.press(asking.partition("?")[0])
    return asking, maria.address


def _first(browser: Browser, address: str, pattern: str) -> str:
    browser.open(address)
    return str(re.findall(pattern, browser.text)[0])
