"""A validation report in the forms that people and machines read, one module a form."""

from __future__ import annotations

from importlib import import_module

from ycd_opendata.shown import json_text
from ycd_opendata.validation.findings import Report

FORMATS = ("text", "json", "github", "junit", "sarif", "markdown")
"""The forms by name."""


def written(report: Report, name: str) -> str:
    """A report in the form of a name of ``FORMATS``; only the one that is asked for is loaded."""
    if name == "json":
        return json_text(report.to_json())
    function = "plain_text" if name == "text" else f"{name}_text"
    text: str = getattr(import_module(f"{__name__}.{name}"), function)(report)
    return text
