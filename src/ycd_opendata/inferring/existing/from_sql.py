"""The tables that a file of SQL creates: columns, keys, and checks as rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ycd_opendata.errors import DescriptorError
from ycd_opendata.inferring.existing.descriptions import Description
from ycd_opendata.messages import reason_of, say
from ycd_opendata.shown import shortened

_MOST_BYTES = 2**22
_LONGEST = 60
_TYPES = {
    "boolean": ("BOOLEAN", "BIT"),
    "integer": ("SERIAL", "BIGSERIAL", "SMALLSERIAL"),
    "date": ("DATE", "DATE32"),
    "time": ("TIME", "TIMETZ"),
    "year": ("YEAR",),
    "object": ("JSON", "JSONB", "STRUCT", "MAP"),
    "array": ("ARRAY", "LIST"),
    "string": ("UUID", "ENUM", "BPCHAR"),
}
"""Types of SQL that are not among those that sqlglot keeps together."""


def read(file: Path) -> Description:
    """The schemas of all tables that are created.

    Raises DescriptorError where it is no SQL, or creates no table.
    """
    text = _text(file)
    try:
        statements = [each for each in sqlglot.parse(text) if each is not None]
    except (SqlglotError, RecursionError) as error:
        reason = str(error).partition("\n")[0]
        raise DescriptorError(
            say("{file!r} is no SQL that can be read: {reason}", file=file.name, reason=reason),
            file.name,
        ) from error
    tables = _Tables()
    for statement in statements:
        if isinstance(statement, exp.Create) and statement.kind == "TABLE":
            tables.create(statement)
        elif isinstance(statement, exp.Comment):
            tables.comment(statement)
        elif isinstance(statement, exp.Alter):
            tables.alter(statement)
        elif isinstance(statement, exp.Create):
            tables.lost.append(f"{str(statement.kind).lower()} {_shown(statement.this)}")
        elif not isinstance(statement, exp.Insert):
            tables.lost.append(_shown(statement))
    if not tables.schemas:
        raise DescriptorError(say("{file!r} creates no table", file=file.name), file.name)
    return Description(tables.schemas, tuple(tables.lost))


def _text(file: Path) -> str:
    hint = ""
    try:
        with file.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        if len(content) <= _MOST_BYTES:
            return content.decode("utf-8-sig")
        why = say(
            "{file!r} has more than {most_bytes:,} bytes", file=file.name, most_bytes=_MOST_BYTES
        )
    except OSError as error:
        why = say("cannot read {file!r}: {reason}", file=str(file), reason=reason_of(error))
    except UnicodeDecodeError:
        why, hint = say("{file!r} is not UTF-8", file=file.name), say("save it so")
    raise DescriptorError(why, file.name, hint=hint)


def _type_of(name: str) -> str:
    """The type of Table Schema that holds what a type of SQL does."""
    for type_, names in _TYPES.items():
        if name in names:
            return type_
    kinds = exp.DataType
    for group, type_ in (
        (kinds.INTEGER_TYPES, "integer"),
        (kinds.REAL_TYPES, "number"),
        (kinds.TEMPORAL_TYPES, "datetime"),
        (kinds.TEXT_TYPES, "string"),
    ):
        if any(name == each.name for each in group):
            return type_
    return "any"


def _shown(node: exp.Expr) -> str:
    return shortened(" ".join(node.sql().split()), _LONGEST)


class _Tables:
    """The tables found so far, by name, and what was lost of them."""

    def __init__(self) -> None:
        self.schemas: dict[str, dict[str, Any]] = {}
        self.lost: list[str] = []

    def create(self, statement: exp.Create) -> None:
        if not isinstance(statement.this, exp.Schema):
            self.lost.append(say("{shown}: a table made by a query", shown=_shown(statement)))
            return
        name = statement.this.this.name
        schema: dict[str, Any] = {"fields": []}
        self.schemas[name] = schema
        for part in statement.this.expressions:
            if isinstance(part, exp.ColumnDef):
                schema["fields"].append(self._field(name, part))
            else:
                self._constraint(name, part)

    def comment(self, statement: exp.Comment) -> None:
        where = statement.this
        is_column = isinstance(where, exp.Column)
        table = self._table(where.table if is_column else where.name)
        if table is None:
            self.lost.append(_shown(statement))
            return
        described = [self.schemas[table]]
        if is_column:
            fields = self.schemas[table]["fields"]
            described = [each for each in fields if each["name"].lower() == where.name.lower()]
        for each in described:
            each["description"] = statement.expression.name

    def _table(self, name: str) -> str | None:
        """What a table is called, whose capitals count for nothing in SQL."""
        return next((each for each in self.schemas if each.lower() == name.lower()), None)

    def alter(self, statement: exp.Alter) -> None:
        table = self._table(statement.this.name)
        for action in statement.args.get("actions", ()):
            if isinstance(action, exp.AddConstraint) and table is not None:
                for part in action.expressions:
                    self._constraint(table, part)
            else:
                self.lost.append(_shown(statement))

    def _field(self, table: str, column: exp.ColumnDef) -> dict[str, Any]:
        field: dict[str, Any] = {"name": column.name, "type": "any"}
        kind = column.kind
        if kind is not None:
            dtype = kind.this.value if isinstance(kind.this, exp.DType) else str(kind.this)
            # Of SERIAL and the like only some dialects know.
            dtype = str(kind.args["kind"]) if kind.args.get("kind") else dtype
            field["type"] = _type_of(dtype.upper())
            if field["type"] == "any":
                names = {"table": table, "column": column.name, "sql": kind.sql()}
                self.lost.append(say("{table}.{column}: the type {sql}", **names))
            lengths = [each.name for each in kind.find_all(exp.DataTypeParam)]
            if field["type"] == "string" and len(lengths) == 1 and lengths[0].isdigit():
                field["constraints"] = {"maxLength": int(lengths[0])}
            if dtype.upper() == "UUID":
                field["format"] = "uuid"
            if dtype.upper() == "ENUM":
                values = [each.name for each in kind.expressions]
                field["constraints"] = {"enum": values}
        for each in column.constraints:
            self._of_column(table, field, each.kind)
        return field

    def _of_column(self, table: str, field: dict[str, Any], kind: exp.Expr) -> None:
        name = field["name"]
        constraints = field.setdefault("constraints", {})
        match kind:
            case exp.PrimaryKeyColumnConstraint():
                self.schemas[table]["primaryKey"] = [name]
            case exp.NotNullColumnConstraint():
                if not kind.args.get("allow_null"):
                    constraints["required"] = True
            case exp.UniqueColumnConstraint():
                constraints["unique"] = True
            case exp.Reference():
                self._reference(table, [name], kind)
            case exp.CheckColumnConstraint():
                self._check(table, kind.this)
            case exp.CommentColumnConstraint():
                field["description"] = kind.name
            case exp.AutoIncrementColumnConstraint() | exp.GeneratedAsIdentityColumnConstraint():
                pass
            case _:
                self.lost.append(f"{table}.{name}: {_shown(kind)}")
        if not constraints:
            del field["constraints"]

    def _constraint(self, table: str, part: exp.Expr) -> None:
        schema = self.schemas[table]
        match part:
            case exp.Constraint():
                for each in part.expressions:
                    if isinstance(each, exp.CheckColumnConstraint):
                        self._check(table, each.this, part.name)
                    else:
                        self._constraint(table, each)
            case exp.PrimaryKey():
                schema["primaryKey"] = list(_names(part))
            case exp.ForeignKey():
                self._reference(table, list(_names(part)), part.args["reference"])
            case exp.UniqueColumnConstraint() if part.this is not None:
                schema.setdefault("uniqueKeys", []).append(list(_names(part.this)))
            case exp.CheckColumnConstraint():
                self._check(table, part.this)
            case _:
                self.lost.append(f"{table}: {_shown(part)}")

    def _reference(self, table: str, fields: list[str], reference: exp.Reference) -> None:
        target = reference.this
        there = list(_names(target)) if isinstance(target, exp.Schema) else []
        name = target.this.name if isinstance(target, exp.Schema) else target.name
        if reference.args.get("options"):
            self.lost.append(f"{table}: {' '.join(map(str, reference.args['options']))}")
        key = {"fields": fields, "reference": {"resource": name, "fields": there}}
        self.schemas[table].setdefault("foreignKeys", []).append(key)

    def _check(self, table: str, condition: exp.Expr, name: str = "") -> None:
        """A check as a rule; whether one can be is known when types and labels are."""
        rules = self.schemas[table].setdefault("rules", [])
        name = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        taken = {each["name"] for each in rules}
        if not name[:1].isalpha() or name in taken:
            name = f"check-{len(rules) + 1}"
        rules.append({"name": name, "expression": condition.sql(dialect="sqlite")})


def _names(part: exp.Expr) -> Iterator[str]:
    for each in part.expressions:
        yield each.name
