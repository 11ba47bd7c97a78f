"""A group of shops: one file names them, and what is set otherwise for each. What is secret is never in it.

A shop has a ledger, a register and a place in the store of its own, so that nothing of one is ever seen, approved or
undone in another. Without such a file there is one shop, that of the settings.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from infra.settings import Settings, read_installation
from infra.system_settings import PREFIX
from schemas.problems import SettingsNeedFixing

NAME = r"^[a-z][a-z0-9-]{0,30}$"
OF_ALL = frozenset(
    {"home", "ledger_url", "shops_file", "shop", "max_file_bytes", "max_cell_chars", "max_columns", "batch_rows"}
    | {"dask_scheduler", "dask_workers", "partition_rows"}
    | {"start_minutes", "idle_minutes", "desk_url", "desk_session_hours"}
    | {name for name in Settings.model_fields if name.startswith(("s3_", "oidc_"))}
)
"""Settings of the installation: no shop has its own."""
SECRET = frozenset(name for name, each in Settings.model_fields.items() if each.annotation is SecretStr)
TABLES = frozenset({"schedules", "secret_blocks"})


class ShopSchedule(BaseModel):
    """What is otherwise about a schedule of prefect.yaml, in the shop's time zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cron: str | None = None
    active: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Shop:
    """One shop of the group. ``schedules`` are by deployment, ``secret_blocks`` by setting."""

    name: str
    settings: Settings
    schedules: Mapping[str, ShopSchedule] = field(default_factory=dict)
    secret_blocks: Mapping[str, str] = field(default_factory=dict)


def read_settings() -> Settings:
    """Return the settings of the shop that this process works for.

    Raises:
        SettingsNeedFixing: Some setting is wrong, or the group has several shops and none was named.
    """
    installation = read_installation()
    if not installation.shops_file:
        return installation
    return read_shop(installation).settings


def read_shop(installation: Settings) -> Shop:
    """Return the shop that this process works for: the named one, or the only one."""
    shops = read_shops(installation)
    if not installation.shop and len(shops) == 1:
        return next(iter(shops.values()))
    if installation.shop in shops:
        return shops[installation.shop]
    called = f"There is no shop {installation.shop}." if installation.shop else "There are several shops."
    raise SettingsNeedFixing(f"{called} Name one of them: counterfoil --shop {' or --shop '.join(shops)}.")


def read_shops(installation: Settings) -> Mapping[str, Shop]:
    """Read the file of shops.

    Raises:
        SettingsNeedFixing: Naming all that is wrong in it, with the shop and the key.
    """
    path = installation.shops_file
    if path is None:
        raise SettingsNeedFixing("There is no file of shops: set COUNTERFOIL_SHOPS_FILE to one.")
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsNeedFixing(f"{path.name} cannot be read as TOML: {error}.") from None
    wrong = [*_wrong_names(document), *(text for name, table in document.items() for text in _wrong_keys(name, table))]
    if wrong:
        raise SettingsNeedFixing(f"{path.name} needs fixing: {'; '.join(wrong)}.")
    return {name: _shop(path, installation, name, table) for name, table in document.items()}


def _wrong_names(document: Mapping[str, Any]) -> Iterator[str]:
    if not document:
        yield "it names no shop. Begin one with [lyon]"
    for name in document:
        if not re.match(NAME, name):
            yield f"[{name}] cannot be the name of a shop: write small letters, digits and dashes"
    same = [name for name in document if name.replace("-", "_") in set(document) - {name}]
    if same:
        yield f"{' and '.join(same)} are one name to the environment"


def _wrong_keys(shop: str, table: object) -> Iterator[str]:
    if not isinstance(table, dict):
        yield f"{shop} is no table: write [{shop}] on a line of its own"
        return
    for key in set(table) - TABLES:
        if key in SECRET:
            yield f"{shop}: {key} is secret, and has no place in a file: set {variable(shop, key)}, or name a block"
        elif key in OF_ALL:
            yield f"{shop}: {key} is set for all shops, by {PREFIX}{key.upper()}"
        elif key not in Settings.model_fields:
            yield f"{shop}: {key} is no setting. See .env.example"
    unknown = set(table.get("secret_blocks", {})) - SECRET
    if unknown:
        yield f"{shop}: secret_blocks names {', '.join(sorted(unknown))}, which is no secret setting"


def variable(shop: str, setting: str) -> str:
    """Name the variable of the environment that sets something for one shop alone."""
    return f"{PREFIX}{shop.replace('-', '_')}_{setting}".upper()


def _shop(path: Path, installation: Settings, name: str, table: Mapping[str, Any]) -> Shop:
    own = {key: value for key, value in table.items() if key not in TABLES} | _from_environment(name)
    for register in ("target_url", "own_database_url"):
        if getattr(installation, register) not in ("", SecretStr("")) and register not in own:
            raise SettingsNeedFixing(
                f"{name} has no register of its own: {PREFIX}{register.upper()} would be shared by all shops. Set "
                f"{variable(name, register)} instead."
            )
    try:
        return Shop(
            name=name,
            settings=Settings(**{**own, "shop": name}),
            schedules={each: ShopSchedule(**schedule) for each, schedule in table.get("schedules", {}).items()},
            secret_blocks=table.get("secret_blocks", {}),
        )
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise SettingsNeedFixing(f"{path.name} needs fixing: {name}: {wrong}.") from None


def _from_environment(shop: str) -> dict[str, str]:
    names = {name: variable(shop, name) for name in Settings.model_fields if name not in OF_ALL}
    return {name: os.environ[its] for name, its in names.items() if its in os.environ}
