"""The forms behind Run in Prefect, as they come out of the deployments of prefect.yaml."""

from typing import get_args

import pytest

from schemas.target_names import CustomerTarget
from tests.flows.people import People

pytestmark = [pytest.mark.server, pytest.mark.slow]

NUMBER_FORMATS = ["auto", "1234.56", "1,234.56", "1 234.56", "1'234.56", "1234,56", "1.234,56", "1 234,56", "1'234,56"]
GIFT_CARDS = [
    ("inbox_key", None, None),
    ("mode", "preview", ["preview", "review", "apply"]),
    ("existing_cards", "hold", ["hold", "set", "top_up"]),
    ("target", "sql", ["sql", "own_database", "lightspeed_x", "lightspeed_x_csv", "memory"]),
    ("number_format", "auto", NUMBER_FORMATS),
    ("zero_balances", "reject", ["reject", "keep"]),
    ("reference", "", None),
    ("lines", "", None),
    ("approved", "", None),
    ("approved_by", "", None),
    ("approval_reason", "", None),
    ("max_changed_rows", None, None),
    ("max_changed_percent", None, None),
    ("max_added", None, None),
    ("max_amount", None, None),
    ("max_minutes", None, None),
    ("submitted_by", "", None),
]
RESTORE = [
    ("run_id", None, None),
    ("mode", "preview", ["preview", "review", "apply"]),
    ("only", "", None),
    ("approved", "", None),
    ("approved_by", "", None),
    ("approval_reason", "", None),
    ("max_changed_rows", None, None),
    ("max_changed_percent", None, None),
    ("max_added", None, None),
    ("max_amount", None, None),
    ("max_minutes", None, None),
    ("submitted_by", "", None),
]
CONFIRM = [("run_id", None, None), ("inbox_key", "", None)]
INVITE = [
    ("run_id", "", None),
    ("inbox_key", "", None),
    ("campaign", "move", None),
    ("mode", "preview", ["preview", "apply"]),
    ("channel", "mail", ["mail", "mailing_list", "ecom_password"]),
    ("max_recipients", None, None),
    ("canary_arrived", False, None),
    ("submitted_by", "", None),
]
CUSTOMERS = [
    ("inbox_key", None, None),
    ("mode", "preview", ["preview", "review", "apply"]),
    ("dialect", "auto", ["auto", "lightspeed_ecom", "tixly"]),
    ("target", "sql", [*get_args(CustomerTarget)]),
    ("blank_cells", "keep", ["keep", "clear"]),
    ("headings", "", None),
    ("lines", "", None),
    ("approved", "", None),
    ("approved_by", "", None),
    ("approval_reason", "", None),
    ("max_changed_rows", None, None),
    ("max_changed_percent", None, None),
    ("max_minutes", None, None),
    ("submitted_by", "", None),
]
INBOX = [("mode", "apply", ["preview", "review", "apply"])]


@pytest.mark.parametrize(
    ("deployment", "fields", "required"),
    [
        ("gift-cards/gift-cards", GIFT_CARDS, ["inbox_key"]),
        ("customers/customers", CUSTOMERS, ["inbox_key"]),
        ("restore/restore", RESTORE, ["run_id"]),
        ("confirm-upload/confirm-upload", CONFIRM, ["run_id"]),
        ("invite-customers/invite-customers", INVITE, []),
        ("inbox/inbox", INBOX, []),
    ],
)
def test_a_form_offers_its_choices_and_changes_nothing_unless_asked(
    people: People, deployment: str, fields: list[tuple[str, object, object]], required: list[str]
) -> None:
    form = people.deployment(deployment)["parameter_openapi_schema"]
    shown = sorted(form["properties"].items(), key=lambda item: item[1]["position"])
    assert [(name, field.get("default"), field.get("enum")) for name, field in shown] == fields
    assert form.get("required", []) == required


@pytest.mark.parametrize(
    "deployment",
    [
        "gift-cards/gift-cards",
        "customers/customers",
        "export-customers/export-customers",
        "learn-headings/learn-headings",
        "restore/restore",
        "invite-customers/invite-customers",
        "inbox/inbox",
    ],
)
def test_every_field_of_a_form_has_a_title_and_says_what_it_does(people: People, deployment: str) -> None:
    found = people.deployment(deployment)
    fields = found["parameter_openapi_schema"]["properties"].values()
    assert found["description"] and found["enforce_parameter_schema"]
    assert [field for field in fields if not field["title"] or len(field["description"]) < 10] == []


def test_a_choice_that_is_not_offered_is_turned_down_at_once(people: People) -> None:
    path = f"/deployments/{people.deployment('gift-cards/gift-cards')['id']}/create_flow_run"
    turned_down = people.api.post(path, json={"parameters": {"inbox_key": "a.csv", "mode": "dry_run"}})
    assert turned_down.status_code == 409 and "'dry_run' is not one of" in turned_down.text
