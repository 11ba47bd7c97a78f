"""Runs without a file, as people start them at the desk."""

from desk.prefect_runs import Choice, choices_in
from tests.pages.desks import OpenDesk

SCHEMA = {
    "properties": {
        "mode": {"enum": ["preview", "apply"], "default": "preview", "position": 0},
        "since": {
            "title": "Since",
            "type": "string",
            "default": "",
            "position": 2,
            "description": "From  which day on.",
        },
        "stock": {"title": "Stock", "enum": ["deduct", "neutral"], "default": "deduct", "position": 1},
        "approved": {"type": "string", "default": "", "position": 3},
    }
}


def test_what_is_typed_is_asked_for_beside_what_is_chosen_and_nothing_else():
    stock = Choice(name="stock", title="Stock", says="", values=("deduct", "neutral"), usual="deduct")
    since = Choice(name="since", title="Since", says="From which day on.", values=(), usual="")
    assert choices_in(SCHEMA) == (stock,)
    assert choices_in(SCHEMA, typed=("since",)) == (stock, since)


def test_the_register_is_exported_and_taken_from_the_page_of_the_run(opened: OpenDesk):
    maria, otto = opened.sign_in("Maria", "submit"), opened.sign_in("Otto", "look")
    maria.open("/shops/here/")
    assert "/shops/here/now/export-customers" in maria.text
    maria.open("/shops/here/now/export-customers")
    maria.press("/now/export-customers", dialect="tixly", format="csv")
    run = opened.carry_out(maria)
    maria.open(f"/shops/here/runs/{run}/files/export.csv")
    assert (maria.shown.status_code == 200 and "E-mail" in maria.text) or "Email" in maria.text

    otto.open("/shops/here/")
    assert "/now/" not in otto.text
    otto.open("/shops/here/now/export-customers")
    assert otto.shown.status_code == 403
    maria.open("/shops/here/now/recover")
    assert maria.shown.status_code == 404


def test_orders_are_asked_for_with_the_day_from_which_on_in_preview(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    maria.open("/shops/here/now/sync-orders")
    assert 'name="since"' in maria.text and 'name="approved"' not in maria.text
    maria.press("/now/sync-orders", since="2026-11-01", mode="apply", approved="0123456789abcdef")
    asked = opened.asked(maria)
    assert asked["mode"] == "preview" and asked["since"] == "2026-11-01" and "approved" not in asked
