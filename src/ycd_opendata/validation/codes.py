"""The codes of findings, by the layer that makes them."""

from __future__ import annotations

from collections.abc import Mapping

from ycd_opendata.validation.form import CHECKS
from ycd_opendata.validation.structure.fast.plan import EXTENSIONS

_NOT_READ = """
    check-impossible compression-error control-error dialect-error encoding-error field-error
    format-error package-error resource-error rule-error rule-not-run schema-error scheme-error
    settings-error source-error unclosed-quote
"""
NOT_READ = frozenset(_NOT_READ.split())
"""What keeps a table, a row or a check from being read: without it nothing is known to be valid."""

_OF_DESCRIPTORS = """
    byte-order-mark deprecation-error misplaced-key misspelt-key profile-not-checked
    profile-not-fetched version-not-semantic
"""
_OF_STRUCTURE = """
    blank-header blank-label blank-row byte-count constraint-error duplicate-label extra-cell
    extra-label field-count foreign-key hash-count incorrect-label missing-cell missing-label
    primary-key row-count type-error unique-error unmatched-header
"""
_OF_LAYERS: Mapping[str, frozenset[str]] = {
    "descriptor": frozenset(_OF_DESCRIPTORS.split()),
    "form": frozenset(CHECKS) - NOT_READ,
    "structure": frozenset((*EXTENSIONS, *_OF_STRUCTURE.split())) - NOT_READ,
    "rules": frozenset({"stale-text"}),
}
"""The codes that an owner may switch off; those of rules are their names, and not listed here."""

_OF_CHECKS_NOT_MADE = """
    ascii-value deviated-cell deviated-value duplicate-row forbidden-value required-value
    row-constraint sequential-value table-dimensions truncated-value
"""
"""Codes of checks that frictionless makes for those who ask it, which nobody does here."""

STANDARD_CODES = NOT_READ.union(*_OF_LAYERS.values())
"""Every code but the names of rules."""

RESERVED = STANDARD_CODES.union(_OF_CHECKS_NOT_MADE.split())
"""What no declared rule may be called."""


def layer_of(code: str) -> str:
    """The layer that makes findings of a code; what is no check of another layer is a rule."""
    return next((layer for layer, codes in _OF_LAYERS.items() if code in codes), "rules")
