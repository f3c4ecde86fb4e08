"""The rules that weigh a change as MAJOR, MINOR or PATCH, and whether a version follows them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from ycd_opendata.messages import mark, say
from ycd_opendata.semantic_version import Numbers, Version, parse_version


class Bump(IntEnum):
    """How much of a version number a change moves, in ascending weight."""

    none = 0
    patch = 1
    minor = 2
    major = 3


@dataclass(frozen=True)
class Rule:
    """A rule: its name, and the bump that it asks for."""

    name: str
    bump: Bump


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    ``key`` is the record's primary key by field name, empty for a change of the description;
    ``before`` and ``after`` are the text of a cell's value, a whole record, or a part of the
    descriptor. ``misread`` says of a changed cell that it stands as it stood and reads otherwise.
    """

    kind: str
    table: str = ""
    key: tuple[tuple[str, str | None], ...] = ()
    field: str = ""
    before: Any = None
    after: Any = None
    misread: bool = False

    @property
    def rule(self) -> Rule:
        """The rule that weighs the change."""
        if self.misread:
            return RULES["reading-changed"]
        # Replacing a target by a later one is news about policy, not a correction.
        if self.kind == "record-changed" and self.field == "superseded_by" and self.after:
            return Rule("policy-change-recorded", Bump.minor)
        return RULES[self.kind]


RULES = {
    "table-removed": Rule("table-removed-or-renamed", Bump.major),
    "table-reordered": Rule("table-reordered", Bump.major),
    "field-removed": Rule("field-removed-or-renamed", Bump.major),
    "field-added": Rule("field-added", Bump.major),
    "field-reordered": Rule("field-reordered", Bump.major),
    "type-changed": Rule("type-changed", Bump.major),
    "format-changed": Rule("format-changed", Bump.major),
    "key-changed": Rule("key-changed", Bump.major),
    "reading-changed": Rule("value-reads-otherwise", Bump.major),
    "unit-changed": Rule("unit-changed", Bump.major),
    "category-relabelled": Rule("category-relabelled", Bump.major),
    "categories-reordered": Rule("categories-reordered", Bump.major),
    "constraint-tightened": Rule("constraint-tightened", Bump.major),
    "record-renamed": Rule("id-changed", Bump.major),
    "record-removed": Rule("record-deleted-without-tombstone", Bump.major),
    # A row that was corrected looks the same: only a key could tell.
    "row-removed": Rule("row-gone-and-no-key", Bump.major),
    "key-missing": Rule("table-without-key", Bump.none),
    "table-added": Rule("table-added", Bump.minor),
    "record-added": Rule("record-added", Bump.minor),
    "row-added": Rule("record-added", Bump.minor),
    "constraint-loosened": Rule("constraint-loosened", Bump.minor),
    "record-retired": Rule("record-retired-with-tombstone", Bump.minor),
    # As semantic versioning has it (section 7); the field goes in a MAJOR version only.
    "field-deprecated": Rule("field-deprecated", Bump.minor),
    "record-changed": Rule("value-corrected", Bump.patch),
    "file-changed": Rule("file-changed", Bump.patch),
    "field-no-longer-deprecated": Rule("metadata-edited", Bump.patch),
    "metadata-changed": Rule("metadata-edited", Bump.patch),
}


def next_numbers(old: Version, bump: Bump) -> Numbers:
    """The numbers of the version that follows ``old`` by one bump.

    A pre-release has made its bump already: after 1.1.0-beta, 1.1.0 has room for MINOR changes.
    """
    major, minor, patch = old.numbers
    if old.prerelease and bump <= (Bump.patch if patch else Bump.minor if minor else Bump.major):
        return old.numbers
    return {
        Bump.none: old.numbers,
        Bump.patch: (major, minor, patch + 1),
        Bump.minor: (major, minor + 1, 0),
        Bump.major: (major + 1, 0, 0),
    }[bump]


def version_problem(old: str, new: str, needed: Bump) -> str:
    """What is wrong with the new version, in a line; empty if nothing is.

    It may be heavier than the data ask for by one step, as code shares the version; code alone
    counts as PATCH. A pre-release of a version will do where that version does.
    """
    before, after = parse_version(old), parse_version(new)
    for text, version in ((old, before), (new, after)):
        if version is None:
            return say(
                "version {text!r} is not MAJOR.MINOR.PATCH, such as 1.0.0 or 1.0.1-beta", text=text
            )
    assert before is not None
    assert after is not None
    if before == after and needed is Bump.none:
        return ""
    wanted = next_numbers(before, needed)
    heaviest = min(Bump.major, max(needed, Bump.patch) + 1)
    allowed = {next_numbers(before, Bump(bump)) for bump in range(needed, heaviest + 1)}
    if after > before and after.numbers in allowed:
        return ""
    template = (
        mark("version {new} is too low: the changes need {bump}, {wanted}")
        if after <= before or after.numbers < wanted
        else mark("version {new} is too high: the changes need {bump}, {wanted}")
    )
    return say(template, new=new, bump=needed.name, wanted=".".join(map(str, wanted)))
