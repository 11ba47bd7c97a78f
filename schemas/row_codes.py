"""Which code a cell gets that fails a check: declared in the row model, beside the check itself."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pandera.polars import DataFrameModel

_CODES = "codes"


def coded(**codes: str) -> dict[str, Mapping[str, str]]:
    """Return the metadata of a column whose cells get these *codes*: check -> code.

    Checks are called as pandera calls them (``str_matches``, ``isin``, ``not_nullable``, ``field_uniqueness``), those
    of the model by their own names. Of several that fail on one cell, the first here is reported.
    """
    return {_CODES: codes}


@cache
def codes_of(model: type[DataFrameModel]) -> Mapping[tuple[str, str], str]:
    """Return the codes that a row model declares, by column and check."""
    columns = model.to_schema().columns.items()
    declared = ((name, (column.metadata or {}).get(_CODES, {})) for name, column in columns)
    return MappingProxyType({(name, check): code for name, codes in declared for check, code in codes.items()})
