"""A second person approves with a passkey in a real browser, and what they signed is checked when all is done."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

from infra.databases.database import reading, writing
from infra.ledger.requests import RequestBook
from infra.ledger.tables import APPROVALS, ARTIFACTS
from schemas import file_names
from tests.children import run_child
from tests.desk import Desk
from tests.pages.desks import OpenDesk, open_desk, work

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""What Chromium is told of the device that it pretends to have."""
FILE = "Number;Balance\nQZW1;12,50\nQZW2;20,00\n"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine to open the pages with")
expect.set_options(timeout=30_000)


@pytest.fixture
def port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def desk(deployed: Mapping[str, str], seeds: Path, tmp_path: Path, port: int) -> Iterator[OpenDesk]:
    """A desk that asks for the passkey of a second person, and answers on a port."""
    policy = {"approval_proof": "passkey", "approver_must_differ": "true", "desk_url": f"http://localhost:{port}"}
    with open_desk(deployed, seeds, tmp_path, **policy) as opened, served(opened, port):
        yield opened


@contextmanager
def served(desk: OpenDesk, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(desk.application, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield
    server.should_exit = True
    thread.join()


@pytest.fixture
def page() -> Iterator[Page]:
    """A browser on a device that knows its owner."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page()
        device = opened.context.new_cdp_session(opened)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
        yield opened
        browser.close()


def confirm_with_passkey(desk: OpenDesk, page: Page, port: int, run_id: str) -> str:
    """Be Maria: sign in, add a passkey, sign in with it, and confirm the plan; return the run that carries it out."""
    page.goto(f"http://localhost:{port}/sign-in/{desk.link('Maria', 'approve')}")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Maria").click()
    page.get_by_label("What to call it").fill("Phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("Phone", exact=True)).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("button", name="Sign in with your passkey").click()
    expect(page.get_by_role("link", name="Maria")).to_be_visible()

    page.goto(f"http://localhost:{port}/shops/here/runs/{run_id}")
    page.get_by_label("Why, for the record").fill("counted twice")
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("counted twice")).to_be_visible()
    page.get_by_role("button", name="Sign with your passkey").click()
    expect(page.locator(".outcome")).to_be_visible()
    return page.url.rpartition("/")[2]


def test_a_second_person_approves_with_a_passkey_and_what_they_signed_holds(desk: OpenDesk, page: Page, port: int):
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    previewed = desk.preview(desk.sign_in("Anna", "submit"), "cards.csv", FILE)
    writes = confirm_with_passkey(desk, page, port, previewed)
    assert (wrong, writes == previewed) == ([], False)
    carry_out(desk, writes)

    terminal = Desk(environment=desk.environment, folder=desk.folder)
    assert terminal.till() == {"QZW1": 1250, "QZW2": 2000}
    verified = terminal.ask("verify-run", writes)
    assert [(each["approver"], each["signed"]) for each in verified["approvals"]] == [("Maria", True)]
    assert terminal.ask("audit", "verify")["intact"]

    tamper(desk, writes)
    refused = terminal.ask("verify-run", writes, code=4)
    assert "signature of the passkey does not hold" in refused["says"]


def carry_out(desk: OpenDesk, run_id: str) -> None:
    """Be the worker for a run that a real browser started."""
    request = RequestBook(desk.systems.ledger().engine).find(run_id)
    assert request is not None
    assert run_child(work, desk.environment, desk.folder / f"worker-{run_id}", request.flow_run_id).code == 0


def tamper(desk: OpenDesk, run_id: str) -> None:
    """Put another plan into what was signed, in the bucket and wherever the ledger tells of it."""
    engine, storage = desk.systems.ledger().engine, desk.systems.storage()
    artifact = desk.systems.ledger().list_latest_artifacts(run_id)[file_names.APPROVAL]
    with reading(engine) as connection:
        kept = str(connection.scalar(sa.select(APPROVALS.c.proof).where(APPROVALS.c.claimed_by_run == run_id)))
    other = kept.replace("counted twice", "counted never")
    storage.put(artifact.key, other.encode())
    new = {"sha256": sha256(other.encode()).hexdigest(), "size_bytes": len(other)}
    with writing(engine) as connection:
        connection.execute(sa.update(ARTIFACTS).where(ARTIFACTS.c.key == artifact.key).values(**new))
        approved = sa.update(APPROVALS).where(APPROVALS.c.claimed_by_run == run_id)
        connection.execute(approved.values(proof=other, reason="counted never"))
