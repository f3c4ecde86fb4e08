"""What a curator might do next: a suggestion, with what speaks for it and against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Edit:
    """A change of one record, or a new one.

    Attributes
    ----------
    table : str
    where : mapping
        Cells, as they stand in the file, that the record and no other has; empty for a new one.
    cells : mapping
        What becomes of its cells, by field.
    """

    table: str
    where: Mapping[str, str]
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggestion:
    """Something that a curator may accept.

    Attributes
    ----------
    kind : str
        What kind it is of, a word.
    record : str
        The key of the record that it is about.
    name : str
        What it is accepted by: no other suggestion has the same.
    text : str
        What is suggested, in the reader's language.
    reasons_for, reasons_against : tuple of str
    edit : Edit or None
        What accepting it changes; None where there is too much to do for one edit.
    asks : tuple of str
        The fields of the edit that nobody but the curator can fill.
    """

    kind: str
    record: str
    name: str
    text: str
    reasons_for: tuple[str, ...] = ()
    reasons_against: tuple[str, ...] = ()
    edit: Edit | None = None
    asks: tuple[str, ...] = ()
