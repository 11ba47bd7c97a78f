"""Comparing texts byte by byte, whatever their column's collation takes for equal; and keys without regard to case."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class ExactText(sa.sql.expression.ColumnElement[Any]):
    """A text that equals only itself: other case, other accents and trailing blanks make it another."""

    inherit_cache = True
    _traverse_internals = [("text", sa.sql.visitors.InternalTraversal.dp_clauseelement)]  # noqa: RUF012 - SQLAlchemy's own

    def __init__(self, text: sa.ColumnElement[Any]) -> None:
        self.text = text
        self.type = sa.Text()


@compiles(ExactText)
def _exact(element: ExactText, compiler: SQLCompiler, **options: Any) -> str:
    return f"({compiler.process(element.text, **options)} COLLATE BINARY)"


@compiles(ExactText, "postgresql")
def _exact_postgres(element: ExactText, compiler: SQLCompiler, **options: Any) -> str:
    return f'(CAST({compiler.process(element.text, **options)} AS TEXT) COLLATE "C")'


@compiles(ExactText, "mysql")
@compiles(ExactText, "mariadb")
def _exact_mysql(element: ExactText, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(CONVERT({compiler.process(element.text, **options)} USING utf8mb4) AS BINARY)"


@compiles(ExactText, "mssql")
def _exact_sqlserver(element: ExactText, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(CAST({compiler.process(element.text, **options)} AS NVARCHAR(MAX)) AS VARBINARY(MAX))"
