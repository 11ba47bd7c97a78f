"""What people do at the desk, as their browsers do it; and the worker that carries out what they started."""

import html
import importlib
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml
from fastapi import FastAPI
from fastapi.testclient import TestClient

from desk.application import make_application
from desk.prefect_runs import PrefectRuns
from desk.shops import Shops
from infra.clock import now
from infra.context import Systems
from infra.ledger.people import PeopleBook
from infra.ledger.requests import RequestBook
from infra.ledger.sessions import SessionBook
from infra.stack.startup import CODE
from infra.systems import systems_of
from schemas.people import Role
from tests.children import run_child
from tests.desk import settings_of

DEPLOYED = {
    "gift-cards": "flows.gift_cards.import_gift_cards",
    "customers": "flows.customers.import_customers",
    "orders": "flows.orders.import_orders",
    "stock": "flows.stock.open_stock",
    "invite-customers": "flows.invite_customers.invite_customers",
    "restore": "flows.restore.restore",
    "resolve-loyalty-failures": "flows.resolve_loyalty.resolve_loyalty_failures",
    "sweep-loyalty-failures": "flows.loyalty.sweep_loyalty_failures",
    "export-customers": "flows.export_customers.export_customers",
    "sync-orders": "flows.sync_orders.sync_orders",
    "confirm-upload": "flows.confirm_upload.confirm_upload",
}


def deploy() -> None:
    """Make the deployments, as prefect.yaml does; nothing takes their runs but ``work``."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - once the child has its settings
    from prefect.client.schemas.actions import DeploymentScheduleCreate  # noqa: PLC0415
    from prefect.client.schemas.schedules import CronSchedule  # noqa: PLC0415
    from prefect.utilities.callables import parameter_schema  # noqa: PLC0415

    declared = {each["name"]: each for each in yaml.safe_load((CODE / "prefect.yaml").read_text())["deployments"]}
    with get_client(sync_client=True) as client:
        for name, entrypoint in DEPLOYED.items():
            module, _, function = entrypoint.rpartition(".")
            flow = getattr(importlib.import_module(module), function)
            client.create_deployment(
                client.create_flow(flow),
                name,
                entrypoint=entrypoint,
                description=declared[name]["description"],
                schedules=[
                    DeploymentScheduleCreate(schedule=CronSchedule(cron=each["cron"]), active=each["active"])
                    for each in declared[name].get("schedules", ())
                ],
                parameter_openapi_schema=parameter_schema(flow).model_dump_for_openapi(),
            )


def work(flow_run_id: str) -> None:
    """Carry out a run of a deployment, as the worker does."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - once the child has its settings

    from tasks.chain.deployed_runs import execute  # noqa: PLC0415

    with get_client(sync_client=True) as client:
        execute(client, client.read_flow_run(flow_run_id))


def take_in(inbox_key: str) -> None:
    """Import a file of gift cards as the nightly import does."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - once the child has its settings

    from tasks.chain.deployed_runs import execute, start  # noqa: PLC0415

    with get_client(sync_client=True) as client:
        asked = {"inbox_key": inbox_key, "mode": "apply", "submitted_by": "inbox"}
        execute(client, start(client, "gift-cards/gift-cards", asked, inbox_key))


@contextmanager
def open_desk(deployed: Mapping[str, str], seeds: Path, folder: Path, **chosen: str) -> Iterator["OpenDesk"]:
    """Give a desk with nobody in it, and such settings *chosen*."""
    environment = {**deployed, "COUNTERFOIL_HOME": str(folder / "home")}
    environment |= {f"COUNTERFOIL_{name.upper()}": text for name, text in chosen.items()}
    for name in ("ledger", "target"):
        shutil.copy(seeds / f"{name}.sqlite", folder)
        environment[f"COUNTERFOIL_{name.upper()}_URL"] = f"sqlite:///{folder / name}.sqlite"
    systems = systems_of(settings_of(environment))
    prefect = PrefectRuns(api_url=environment["PREFECT_API_URL"], login=environment.get("PREFECT_API_AUTH_STRING", ""))
    application = make_application(Shops({"": systems}), prefect)
    with TestClient(application, base_url="http://desk.test"):
        yield OpenDesk(application=application, systems=systems, environment=environment, folder=folder)


@dataclass(kw_only=True)
class Browser:
    """Somebody's browser: what it shows, and what it sends when a button is pressed."""

    client: TestClient
    shown: httpx.Response = field(default_factory=lambda: httpx.Response(200))

    def open(self, address: str) -> str:
        """Open a page and return what it shows."""
        self.shown = self.client.get(address)
        return self.text

    @property
    def text(self) -> str:
        """What the page shows, with its markup."""
        return self.shown.text

    @property
    def says(self) -> str:
        """What the page says, without its markup."""
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.shown.text)).split())

    @property
    def address(self) -> str:
        """The address of the page."""
        return str(self.shown.url).removeprefix("http://desk.test")

    def press(self, action: str, *, files: Mapping[str, Any] | None = None, **typed: str) -> str:
        """Fill in the form that goes to an address that ends so, send it, and return what is shown then."""
        form = self._form(action)
        self.shown = self.client.post(self._target(action), data={**form, **typed}, files=files)
        return self.text

    def _target(self, action: str) -> str:
        return next(each for each in re.findall(r'action="([^"]*)"', self.text) if each.endswith(action))

    def _form(self, action: str) -> dict[str, str]:
        """Return what the form holds before anything is typed: hidden fields, and what is selected."""
        forms = re.findall(r"<form.*?</form>", self.text, re.S)
        form = next(each for each in forms if re.search(rf'action="[^"]*{re.escape(action)}"', each))
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
        chosen = [
            (name, found[1])
            for name, options in re.findall(r'<select[^>]*name="([^"]*)".*?>(.*?)</select>', form, re.S)
            if (found := re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options))
        ]
        return {name: html.unescape(value) for name, value in (*hidden, *chosen)}


@dataclass(frozen=True, kw_only=True)
class OpenDesk:
    """The desk of one test."""

    application: FastAPI
    systems: Systems
    environment: Mapping[str, str]
    folder: Path

    def browser(self) -> Browser:
        """Return a browser that nobody is signed in with."""
        return Browser(client=TestClient(self.application, base_url="http://desk.test"))

    def sign_in(self, name: str, *roles: Role) -> Browser:
        """Return the browser of somebody who signed in by a link."""
        browser = self.browser()
        browser.open(f"/sign-in/{self.link(name, *roles)}")
        browser.press(browser.address)
        return browser

    def link(self, name: str, *roles: Role) -> str:
        """Return the token of a link that signs somebody in once."""
        engine = self.systems.shared_ledger().engine
        person = PeopleBook(engine).add(name, shop="", roles=roles, now=now())
        return SessionBook(engine).make_link(person.person_id, now=now(), hours=1)

    def preview(self, browser: Browser, file: str, content: str, **chosen: str) -> str:
        """Upload a file and preview it; return the id of the run, which the worker has carried out."""
        browser.open("/shops/here/")
        browser.press("/upload", files={"file": (file, content.encode())})
        browser.press(browser.address.partition("?")[0], **chosen)
        return self.carry_out(browser)

    def asked(self, browser: Browser) -> Mapping[str, Any]:
        """Return the parameters of the run whose page is shown."""
        request = RequestBook(self.systems.ledger().engine).find(browser.address.rpartition("/")[2])
        assert request is not None, browser.says
        return request.parameters

    def carry_out(self, browser: Browser) -> str:
        """Be the worker for the run whose page is shown, and load its page again; return its id."""
        run_id = browser.address.rpartition("/")[2]
        request = RequestBook(self.systems.ledger().engine).find(run_id)
        assert request is not None, browser.says
        self.work(request.flow_run_id)
        browser.open(browser.address)
        return run_id

    def work(self, flow_run_id: str) -> None:
        """Be the worker for a run."""
        ended = run_child(work, self.environment, self.folder / f"worker-{flow_run_id}", flow_run_id)
        assert ended.code == 0, ended
