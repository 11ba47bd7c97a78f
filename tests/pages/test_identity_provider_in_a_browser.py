"""A real browser goes to the identity provider and comes back: it obeys rules about forms that no test client knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import expect

from desk.application import make_application
from infra.identity_provider import IdentityProvider
from tests.chromium import chromium, needs_chromium
from tests.fakes.identity_provider import Provider
from tests.pages.served import served
from tests.pages.test_attackers import NO_PREFECT
from tests.pages.test_identity_provider import opened

pytestmark = needs_chromium


@contextmanager
def signing_in_elsewhere(provider: Provider) -> Iterator[None]:
    """Let people sign in at the provider at another origin, which asks nothing and sends them back."""

    class Login(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(303)
            self.send_header("Location", provider.sign_in(self.path))
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Login) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        provider.signs_in_at = f"http://127.0.0.1:{server.server_port}/auth"
        yield
        server.shutdown()


def test_the_button_leads_to_the_provider_and_back_to_the_page_that_was_asked_for(seeds: Path, tmp_path: Path):
    shops, provider = opened(seeds, tmp_path), Provider()
    provider.told["groups"] = ["tills"]
    application = make_application(shops, NO_PREFECT)
    with signing_in_elsewhere(provider), served(application) as address, chromium() as browser:
        chosen = shops.by_name["lyon"].settings.model_copy(update={"desk_url": address})
        application.state.provider = IdentityProvider(chosen, provider.edge)
        page, wrong = browser.new_page(), list[str]()
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)

        page.goto(f"{address}/shops/lyon/runs")
        page.get_by_role("button", name="Sign in with your organisation").click()

        expect(page.get_by_role("link", name="Maria Holm")).to_be_visible(timeout=15_000)
        assert (page.url, wrong) == (f"{address}/shops/lyon/runs", [])
    shops.close()
