"""The key of records that only several columns together find, such as the level of a product at an outlet."""

import polars as pl

from schemas.domain import KEY_SEPARATOR, Resource


def parts_of_key(resource: Resource) -> tuple[str, ...]:
    """Name the columns that together find a record."""
    return resource.key_of or (resource.key,)


def key_of(resource: Resource) -> pl.Expr:
    """Return the key of each row, under the name that the resource has for it; null where a part of it is null."""
    if not resource.key_of:
        return pl.col(resource.key)
    parts = [pl.col(name).cast(pl.String) for name in resource.key_of]
    return pl.concat_str(parts, separator=KEY_SEPARATOR).alias(resource.key)
