"""A group of shops: what its file may say, and that nothing of one shop lies where another's does."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from hypothesis import given
from hypothesis import strategies as st

from infra.bucket_places import BucketPlaces
from infra.databases.database import reading
from infra.migrations.migrate import migrate
from infra.settings import Settings, read_installation, url_of_shop
from infra.shop_deployments import deployments_of, name_in_shop
from infra.shops import read_settings, read_shops
from schemas.problems import SettingsNeedFixing
from tests.databases import open_database

GROUP = """
[lyon]
shop_name = "Lyon"

[geneva]
shop_name = "Genève"
currency = "CHF"
country = "CH"
time_zone = "Europe/Zurich"

[geneva.limits.gift-cards]
rows = 200

[geneva.schedules.inbox]
cron = "0 5 * * *"

[geneva.secret_blocks]
woo_secret = "geneva-web-shop"
"""


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of two shops, which the environment names."""
    path = tmp_path / "shops.toml"
    path.write_text(GROUP, encoding="utf-8")
    monkeypatch.setenv("COUNTERFOIL_SHOPS_FILE", str(path))
    monkeypatch.setenv("COUNTERFOIL_HOME", str(tmp_path))
    return path


def wrong(group: Path, text: str) -> str:
    group.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsNeedFixing) as refused:
        read_shops(read_installation())
    return str(refused.value)


def test_a_shop_is_as_its_table_says_and_else_as_all_shops_are(group: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERFOIL_LINK_TTL_HOURS", "12")
    monkeypatch.setenv("COUNTERFOIL_GENEVA_WOO_SECRET", "cs_geneva")
    shops = read_shops(read_installation())
    lyon, geneva = shops["lyon"].settings, shops["geneva"].settings
    assert (lyon.shop_name, lyon.currency, lyon.time_zone, lyon.link_ttl_hours) == ("Lyon", "EUR", "Europe/Paris", 12)
    assert (geneva.currency, geneva.country, geneva.limits["gift-cards"].rows) == ("CHF", "CH", 200)
    assert (geneva.woo_secret.get_secret_value(), lyon.woo_secret.get_secret_value()) == ("cs_geneva", "")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it names no shop"),
        ("[Lyon]", "[Lyon] cannot be the name of a shop"),
        ("[a-b]\n[a_b]", "[a_b] cannot be the name of a shop"),
        ("lyon = 1", "lyon is no table"),
        (
            "[lyon]\nwoo_secret = 'x'",
            "woo_secret is secret, and has no place in a file: set COUNTERFOIL_LYON_WOO_SECRET",
        ),
        ("[lyon]\ns3_bucket = 'x'", "s3_bucket is set for all shops, by COUNTERFOIL_S3_BUCKET"),
        ("[lyon]\ncolour = 'red'", "lyon: colour is no setting"),
        ("[lyon]\ncurrency = 'euro'", "lyon: currency"),
        ("[lyon.limits.gift-cards]\nrowz = 1", "limits.gift-cards.rowz"),
        ("[lyon.limits.cards]\nrows = 1", "cards is none of gift-cards, customers"),
        ("[lyon.schedules.inbox]\ncrn = ''", "crn"),
        ("[lyon.secret_blocks]\ncolour = 'x'", "secret_blocks names colour"),
        ("[lyon", "cannot be read as TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_its_shop(group: Path, text: str, says: str) -> None:
    assert says in wrong(group, text)


def test_a_secret_in_the_file_is_told_where_it_belongs(group: Path) -> None:
    assert "set COUNTERFOIL_LYON_WOO_SECRET" in wrong(group, "[lyon]\nwoo_secret = 'x'")


def test_a_secret_that_was_written_into_the_file_is_not_repeated(group: Path) -> None:
    assert "planted-9X" not in wrong(group, "[lyon]\nwoo_secret = 'planted-9X'\nsmtp_password = 'planted-9X'")


def test_one_register_is_never_shared_by_two_shops(group: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERFOIL_TARGET_URL", "sqlite:////till.sqlite")
    with pytest.raises(SettingsNeedFixing, match="lyon has no register of its own"):
        read_shops(read_installation())
    for shop in ("LYON", "GENEVA"):
        monkeypatch.setenv(f"COUNTERFOIL_{shop}_TARGET_URL", f"sqlite:////{shop}.sqlite")
    assert [shop.settings.target for shop in read_shops(read_installation()).values()] == [
        "sqlite:////LYON.sqlite",
        "sqlite:////GENEVA.sqlite",
    ]


def test_a_process_works_for_the_named_shop_and_says_which_there_are_where_none_is(
    group: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsNeedFixing, match="Name one of them: counterfoil --shop lyon or --shop geneva"):
        read_settings()
    monkeypatch.setenv("COUNTERFOIL_SHOP", "geneva")
    assert read_settings().shop_name == "Genève"
    monkeypatch.setenv("COUNTERFOIL_SHOP", "berne")
    with pytest.raises(SettingsNeedFixing, match="There is no shop berne"):
        read_settings()
    group.write_text("[lyon]\n", encoding="utf-8")
    monkeypatch.delenv("COUNTERFOIL_SHOP")
    assert read_settings().shop == "lyon"


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("sqlite:////data/ledger.sqlite", "sqlite:////data/ledger-lyon.sqlite"),
        ("sqlite:////data.d/ledger", "sqlite:////data.d/ledger-lyon"),
        ("postgresql://u@h/db", "postgresql://u@h/db?options=-csearch_path%3Dcounterfoil_lyon"),
        ("postgresql://u@h/db?sslmode=require", "postgresql://u@h/db?sslmode=require&options=-csearch_path%3Dcounterfoil_lyon"),
    ],
)  # fmt: skip
def test_a_shop_has_a_ledger_of_its_own(url: str, own: str) -> None:
    assert url_of_shop(url, "lyon") == own
    assert url_of_shop(url, "") == url


def test_the_ledgers_of_two_shops_share_a_server_and_no_table(ledger_on_postgres: str) -> None:
    for shop in ("lyon", "geneva"):
        engine = open_database(url_of_shop(ledger_on_postgres, shop))
        migrate(engine, "ledger")
        with reading(engine) as connection:
            assert connection.scalar(sa.text("SELECT current_schema()")) == f"counterfoil_{shop}"
            assert connection.scalar(sa.text("SELECT count(*) FROM runs")) == 0
    with reading(open_database(ledger_on_postgres)) as connection:
        assert sa.inspect(connection).has_table("runs", schema="counterfoil_lyon")


KEYS = st.sampled_from(["inbox/gift-cards/a.csv", "inbox/by-hand/x/y.csv", "runs/abc/report.html", "headings/x.json"])


@given(KEYS, st.sampled_from(["", "lyon", "geneva"]))
def test_a_key_is_found_again_by_its_place(key: str, shop: str) -> None:
    places = BucketPlaces(shop)
    assert places.key_at(places.place_of(key)) == key


@given(KEYS, KEYS)
def test_no_place_of_one_shop_is_one_of_another(one: str, other: str) -> None:
    assert BucketPlaces("lyon").place_of(one) != BucketPlaces("geneva").place_of(other)
    assert BucketPlaces("lyon").place_of("inbox/gift-cards/a.csv") == "inbox/lyon/gift-cards/a.csv"


def declared() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(Path("prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    return found


def test_one_shop_has_the_deployments_of_the_file_in_its_own_time_zone() -> None:
    made = deployments_of(declared(), Settings(time_zone="Europe/Stockholm"))
    assert [one["name"] for one in made] == [one["name"] for one in declared()]
    zones = {schedule["timezone"] for one in made for schedule in one.get("schedules", ())}
    assert zones == {"Europe/Stockholm"}


def test_each_shop_of_a_group_has_deployments_that_work_for_it(group: Path) -> None:
    made = {one["name"]: one for one in deployments_of(declared(), read_installation())}
    assert len(made) == 2 * (len(declared()) - 1) + 1
    assert {name for name in made if not name.endswith(("-lyon", "-geneva"))} == {"recover"}
    geneva, lyon = made[name_in_shop("inbox", "geneva")], made[name_in_shop("inbox", "lyon")]
    assert (geneva["schedules"][0]["cron"], geneva["schedules"][0]["timezone"]) == ("0 5 * * *", "Europe/Zurich")
    assert (lyon["schedules"][0]["cron"], lyon["schedules"][0]["timezone"]) == ("30 3 * * *", "Europe/Paris")
    assert lyon["work_pool"]["job_variables"] == {"env": {"COUNTERFOIL_SHOP": "lyon"}}
    assert geneva["work_pool"]["job_variables"]["env"]["COUNTERFOIL_GENEVA_WOO_SECRET"] == (
        "{{ prefect.blocks.secret.geneva-web-shop }}"
    )
    assert "shop:geneva" in geneva["tags"]
