"""The mapping file: which table and columns of somebody's database hold the records of a domain, and how.

It is TOML, written by ``counterfoil map-database`` and finished by a person: what could not be known stands in it as a
question, and a mapping with questions is not used.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from schemas.domain import Resource
from schemas.problems import SettingsNeedFixing

UNANSWERED = "?"
QUESTION = "question"
StoredAs = Literal["text", "decimal", "minor_units", "whole_number", "words", "date", "moment"]
Word = str | int | bool
"""A word of theirs; a number or a truth value where their column holds those."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class KeyMapping(_Part):
    """The column by which a record is found. *issued_by* the database: it numbers new records itself."""

    column: str
    issued_by: Literal["file", "database"] = "file"


class ColumnMapping(_Part):
    """Where the values of one of our columns lie, or the one value that all records have.

    *words* are how theirs says ours: ``{ ACTIVE = 1, VOIDED = 9 }``. *blank* is how nothing is written.
    """

    column: str = ""
    constant: str | None = None
    stored_as: StoredAs = "text"
    words: Mapping[str, Word] = Field(default_factory=dict)
    blank: Literal["empty", "null"] = "empty"
    time_zone: str = "UTC"

    @model_validator(mode="after")
    def _is_whole(self) -> "ColumnMapping":
        if bool(self.column) == (self.constant is not None):
            raise ValueError("name either a column, or the constant that every record has")
        if (self.stored_as == "words") != bool(self.words):
            raise ValueError('stored_as = "words" and a list of words go together')
        if len({(type(word), word) for word in self.words.values()}) != len(self.words):
            raise ValueError("two of the words are one and the same in the table; each must be told from the others")
        return self

    @field_validator("time_zone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        return _known_zone(name)


class Now(_Part):
    """The time of writing, as a clock of this zone shows it."""

    now: str

    @field_validator("now")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        return _known_zone(name)

    @property
    def zone(self) -> ZoneInfo:
        """The zone itself."""
        return ZoneInfo(self.now)


Fill = str | int | bool | Now
"""What a column of theirs is given that no column of ours knows."""


class TableMapping(_Part):
    """Where a domain's records lie. *create* and *update* say what other columns are given when we write.

    What is *not_kept* has no column there: such values of a file are left out.
    """

    table: str = Field(min_length=1)
    key: KeyMapping
    columns: Mapping[str, ColumnMapping]
    not_kept: tuple[str, ...] = Field((), strict=False)
    create: Mapping[str, Fill] = Field(default_factory=dict)
    update: Mapping[str, Fill] = Field(default_factory=dict)

    @property
    def place(self) -> tuple[str | None, str]:
        """Return schema and name of the table."""
        schema, _, name = self.table.rpartition(".")
        return schema or None, name

    def stored(self) -> dict[str, ColumnMapping]:
        """Return the columns of ours that have one of theirs."""
        return {name: each for name, each in self.columns.items() if each.column}

    def constants(self) -> dict[str, str]:
        """Return the one value that each of the other columns has."""
        fixed = {name: each.constant for name, each in self.columns.items() if each.constant is not None}
        return dict.fromkeys(self.not_kept, "") | fixed


def load_mapping(file: Path, resource: Resource) -> TableMapping:
    """Read the mapping of *resource*.

    Raises:
        SettingsNeedFixing: There is none, it is wrong, or it has questions that nobody answered.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        name = resource.name.replace("_", "-")
        raise SettingsNeedFixing(
            f"There is no {file}, which would say where {name} lie in your database. "
            f"Have one proposed: counterfoil map-database {name}"
        ) from None
    return read_mapping(text, resource, str(file))


def read_mapping(text: str, resource: Resource, name: str) -> TableMapping:
    """Read a mapping of *resource* that is called *name* in messages.

    Raises:
        SettingsNeedFixing: It is wrong, or has questions that nobody answered.
    """
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsNeedFixing(f"{name} is no TOML: {error}.") from None
    if asked := list(questions(parsed)):
        raise SettingsNeedFixing(f"{name} has questions that only you can answer. {' '.join(asked)}")
    try:
        mapping = TableMapping.model_validate(parsed)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsNeedFixing(f"{name} needs fixing: {wrong}.") from None
    if wrong_columns := list(_misses(mapping, resource)):
        raise SettingsNeedFixing(f"{name} needs fixing: {'; '.join(wrong_columns)}.")
    return mapping


def questions(parsed: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Yield what is still asked in a mapping, with the place where it stands."""
    for name, value in parsed.items():
        where = f"{place}.{name}".strip(".")
        if isinstance(value, Mapping):
            yield from questions(value, where)
        elif name == QUESTION:
            yield f"{place}: {value} (Then take the line `{QUESTION}` out.)"
        elif value == UNANSWERED:
            yield f"{where}: put the answer in the place of {UNANSWERED}."


def _misses(mapping: TableMapping, resource: Resource) -> Iterator[str]:
    """Say which of our columns the mapping does not place, places twice, or makes up, and which cannot be so stored."""
    placed = [*mapping.columns, *mapping.not_kept]
    for column in resource.columns:
        if placed.count(column) != 1:
            yield f"{column} must stand once: under [columns.{column}], or among not_kept"
    for column in sorted(set(placed) - set(resource.columns)):
        yield f"{column} is no column of {resource.name}; take it out"
    for column in sorted({resource.amount, resource.unit, resource.status} & set(mapping.not_kept)):
        yield f"{column} cannot be left out of {resource.name}: give it a column or a constant"
    amount = mapping.columns.get(resource.amount)
    if amount is not None and amount.stored_as not in ("decimal", "minor_units"):
        yield f'columns.{resource.amount}: say stored_as = "decimal" (12.50) or "minor_units" (1250)'
    theirs = [mapping.key.column, *(each.column for each in mapping.stored().values())]
    for column in sorted({each for each in theirs if theirs.count(each) > 1}):
        yield f"the column {column} is named for two things; each needs its own"
    for column in sorted({*mapping.create, *mapping.update} & set(theirs)):
        yield f"{column} is filled from our records; take it out of create and update"


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name} is no time zone; write one such as UTC or Europe/Paris")
    return name
