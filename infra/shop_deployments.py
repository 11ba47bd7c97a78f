"""The deployments of ``prefect.yaml`` for each shop: in its time zone, by its own schedules, naming the shop."""

from collections.abc import Mapping, Sequence
from typing import Any

from infra.settings import Settings
from infra.shops import Shop, ShopSchedule, read_shops, variable
from infra.system_settings import PREFIX

OF_ALL_SHOPS = frozenset({"recover"})
"""Deployments that look at runs of Prefect alone, whichever shop they are of."""
Deployment = Mapping[str, Any]


def deployments_of(declared: Sequence[Deployment], installation: Settings) -> list[dict[str, Any]]:
    """Return the *declared* deployments as they are for the shops of this installation.

    Raises:
        SettingsNeedFixing: The file of shops is wrong.
    """
    if not installation.shops_file:
        return [_in_zone(one, installation.time_zone, {}) for one in declared]
    own = [one for one in declared if one["name"] not in OF_ALL_SHOPS]
    of_shops = [_of_shop(one, shop) for shop in read_shops(installation).values() for one in own]
    return [*of_shops, *(dict(one) for one in declared if one["name"] in OF_ALL_SHOPS)]


def name_in_shop(deployment: str, shop: str) -> str:
    """Return what a deployment is called in a shop of a group, or in the only shop."""
    return f"{deployment}-{shop}" if shop else deployment


def _of_shop(one: Deployment, shop: Shop) -> dict[str, Any]:
    secrets = {
        variable(shop.name, setting): f"{{{{ prefect.blocks.secret.{block} }}}}"
        for setting, block in shop.secret_blocks.items()
    }
    return {
        **_in_zone(one, shop.settings.time_zone, shop.schedules),
        "name": name_in_shop(one["name"], shop.name),
        "tags": [*one.get("tags", ()), f"shop:{shop.name}"],
        # of the work pool: Prefect reads them from nowhere else in such a file, and drops others without a word
        "work_pool": {**one.get("work_pool", {}), "job_variables": {"env": {f"{PREFIX}SHOP": shop.name, **secrets}}},
    }


def _in_zone(one: Deployment, zone: str, own: Mapping[str, ShopSchedule]) -> dict[str, Any]:
    if not one.get("schedules"):
        return dict(one)
    otherwise = own.get(one["name"], ShopSchedule()).model_dump(exclude_none=True)
    return {**one, "schedules": [{**schedule, "timezone": zone, **otherwise} for schedule in one["schedules"]]}
