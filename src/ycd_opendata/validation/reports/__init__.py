"""A validation report in the forms that people and machines read."""

from __future__ import annotations

import json
from collections.abc import Callable

from ycd_opendata.shown import writable
from ycd_opendata.validation.findings import Report
from ycd_opendata.validation.reports.github import github_text
from ycd_opendata.validation.reports.junit import junit_text
from ycd_opendata.validation.reports.markdown import markdown_text
from ycd_opendata.validation.reports.sarif import sarif_text
from ycd_opendata.validation.reports.text import plain_text


def json_text(report: Report) -> str:
    """The report as one JSON object."""
    return writable(json.dumps(report.to_json(), ensure_ascii=False, indent=2)) + "\n"


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": plain_text,
    "json": json_text,
    "github": github_text,
    "junit": junit_text,
    "sarif": sarif_text,
    "markdown": markdown_text,
}
"""The formats by name: from a report to text."""
