"""What a validation says: findings, what each layer did, and the report they make up."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ycd_opendata.messages import say
from ycd_opendata.package.model import Resource
from ycd_opendata.package.places import Place
from ycd_opendata.package.reading import Descriptor

if TYPE_CHECKING:
    import pandas as pd


Severity = Literal["error", "warning"]

LAYERS = ("descriptor", "form", "structure", "rules")


class Kind(NamedTuple):
    """What findings are grouped and counted by."""

    severity: Severity
    code: str
    resource: str
    field: str | None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, where it stands and how to mend it.

    Attributes
    ----------
    code : str
        frictionless's error type for what its standard asks, else the kebab-case name of the
        check or rule.
    severity : {"error", "warning"}
        Only errors make a package invalid.
    resource, path : str
        The table, and the file relative to the package's folder; resource is "" where the
        finding is about the descriptor.
    line : int or None
        The physical line in the file on which the row starts, from 1.
    row : int or None
        The row's number as frictionless counts: the header is 1, a quoted line break none.
    field : str or None
        The column, or columns joined by a comma.
    key : str or None
        The record's primary key, its parts joined by a comma.
    value : str or None
        The cell as it stands in the file.
    message, hint : str
        What is wrong, with what was expected; and what to do about it.
    """

    code: str
    severity: Severity = "error"
    resource: str = ""
    path: str
    line: int | None = None
    row: int | None = None
    field: str | None = None
    key: str | None = None
    value: str | None = None
    message: str
    hint: str

    @property
    def place(self) -> str:
        """Where it is, for people: the file with its line, or the row where there is no line."""
        if self.line:
            return f"{self.path}:{self.line}"
        return say("{path}, row {row}", path=self.path, row=self.row) if self.row else self.path

    @property
    def kind(self) -> Kind:
        """The kind that this finding is counted with."""
        return Kind(self.severity, self.code, self.resource, self.field)

    def to_json(self) -> dict[str, Any]:
        """Its attributes by name, in order; ``asdict`` takes fifteen times as long."""
        return {**vars(self)}


def descriptor_finding(
    descriptor: Descriptor,
    place: Place,
    code: str,
    message: str,
    hint: str,
    *,
    severity: Severity = "error",
    resource: object = "",
    field: str | None = None,
    value: str | None = None,
) -> Finding:
    """A finding about what stands at a place of a description, with its file and line."""
    path, line = descriptor.where(place)
    return Finding(
        code=code,
        severity=severity,
        resource=str(resource),
        path=path,
        line=line,
        field=field,
        value=value,
        message=message,
        hint=hint,
    )


@dataclass(frozen=True)
class Layer:
    """What one layer did: how many tables and rows it looked at, and with how many checks.

    The rows of the descriptor are the fields that it describes.
    ``skipped`` says for each table (or the layer) that was not looked at why, ``notes`` how a
    table was looked at where that is not the usual way. ``extensions`` are the codes of checks
    that were made and that frictionless does not have.
    """

    name: str
    ran: bool
    tables: int = 0
    rows: int = 0
    checks: int = 0
    skipped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True)
class LayerResult:
    """What one layer did and found; ``unlisted`` counts what it found beyond ``findings``.

    ``declared`` says how many declared rules were checked along with it, and in how many rows.
    """

    layer: Layer
    findings: tuple[Finding, ...] = ()
    unlisted: Mapping[Kind, int] = field(default_factory=dict)
    declared: Layer = Layer("rules", False)


@dataclass(frozen=True)
class Report:
    """The result of validating one package.

    ``root`` is its folder; unless ``is_in_place`` that is for the moment, and nobody's to see.
    ``resources`` say how the files were read that findings are about.
    """

    package: str
    version: str
    engine: str
    root: str
    layers: tuple[Layer, ...]
    findings: tuple[Finding, ...] = field(repr=False)
    unlisted: Mapping[Kind, int] = field(default_factory=dict)
    is_in_place: bool = True
    resources: tuple[Resource, ...] = field(default=(), repr=False)

    def path_in_repository(self, finding: Finding) -> str:
        """The file of a finding from the top of its repository, wherever the command runs.

        Code hosts ask for that. Outside of a repository it is the path from the current folder.
        """
        if not self.is_in_place:
            return finding.path
        root = Path(self.root).resolve()
        tops = (each for each in (root, *root.parents) if (each / ".git").exists())
        folder = Path(os.path.relpath(root, next(tops, None))).as_posix()
        return finding.path if folder == "." else f"{folder}/{finding.path}"

    @cached_property
    def kinds(self) -> Mapping[Kind, int]:
        """How many findings there are of each kind, listed or not."""
        return Counter(each.kind for each in self.findings) + Counter(self.unlisted)

    @property
    def valid(self) -> bool:
        """Whether there is no finding of severity error."""
        return not self.count("error")

    def count(self, severity: Severity) -> int:
        """How many findings have this severity, listed or not."""
        return sum(number for kind, number in self.kinds.items() if kind.severity == severity)

    def listing(self, limit: int) -> Report:
        """The report with at most so many findings listed; all are counted."""
        listed, beyond = split_at(self.findings, limit)
        return replace(self, findings=listed, unlisted=Counter(self.unlisted) + Counter(beyond))

    def to_frame(self) -> pd.DataFrame:
        """The listed findings as a pandas frame, a row a finding and a column an attribute.

        ``line`` and ``row`` are whole numbers that may be missing, all else is text.
        """
        import pandas as pd

        columns = [each.name for each in fields(Finding)]
        frame = pd.DataFrame([each.to_json() for each in self.findings], columns=columns)
        types = {name: "Int64" if name in ("line", "row") else "string" for name in columns}
        return frame.astype(types)

    def to_json(self) -> dict[str, Any]:
        """The documented JSON object; ``counts`` count all findings, listed or not."""
        return {
            "valid": self.valid,
            "package": self.package,
            "version": self.version,
            "engine": self.engine,
            "layers": [asdict(each) for each in self.layers],
            "counts": {"error": self.count("error"), "warning": self.count("warning")},
            "findings": [each.to_json() for each in self.findings],
        }


def joined_layers(one: Layer, other: Layer) -> Layer:
    """What two parts of a layer did together, in different tables."""
    if not one.ran or not other.ran:
        return one if one.ran else other
    return replace(
        one,
        tables=one.tables + other.tables,
        rows=one.rows + other.rows,
        checks=one.checks + other.checks,
        skipped=(*one.skipped, *other.skipped),
        notes=(*one.notes, *other.notes),
    )


def together(declared: Layer, rules: Layer) -> Layer:
    """The layer of rules: the declared ones, and those of the package's extension."""
    if not declared.ran or not rules.ran:
        return declared if declared.ran else rules
    return replace(rules, checks=rules.checks + declared.checks)


def split_at(
    findings: Iterable[Finding], limit: int
) -> tuple[tuple[Finding, ...], Mapping[Kind, int]]:
    """The first findings up to a limit, and how many there are of each kind beyond it."""
    listed: list[Finding] = []
    unlisted: Counter[Kind] = Counter()
    for each in findings:
        if len(listed) < limit:
            listed.append(each)
        else:
            unlisted[each.kind] += 1
    return tuple(listed), unlisted


def joined_key(cells: Sequence[str]) -> str | None:
    """A primary key as one text; None where no part of it is filled."""
    return ", ".join(cells) if any(cells) else None
