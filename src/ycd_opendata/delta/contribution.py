"""What the data set adds to the tool: one ``Extension``, found by its entry point."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ycd_opendata.delta.as_of import known_by, known_tables
from ycd_opendata.delta.coverage import DOCUMENTS, coverage_grid, subject
from ycd_opendata.delta.outlook import outlooks
from ycd_opendata.delta.proposals.answers import answers
from ycd_opendata.delta.proposals.gaps import addresses, new_ids, searches
from ycd_opendata.delta.proposals.likeness import alike
from ycd_opendata.delta.rules import records, targets_and_outcomes
from ycd_opendata.delta.scoreboard import scoreboard
from ycd_opendata.delta.second_readings import agreement
from ycd_opendata.delta.series import series
from ycd_opendata.delta.site.additions import SITE
from ycd_opendata.delta.sqlite_views import scoreboard_view, series_view
from ycd_opendata.extension import AsOf, DerivedTable, Extension, Load
from ycd_opendata.package.model import Package
from ycd_opendata.suggestion import Suggestion
from ycd_opendata.validation.hygiene import HYGIENE

_FIGURES = ("indicators", "units", "regions", "sources", "targets", "outcomes")

DERIVED = (
    DerivedTable(
        "scoreboard",
        "schemas/scoreboard.json",
        (*_FIGURES, "initiatives", "assessments", "searches"),
        scoreboard,
        scoreboard_view,
    ),
    DerivedTable("series", "schemas/series.json", _FIGURES, series, series_view),
    DerivedTable("outlooks", "schemas/outlooks.json", _FIGURES, outlooks),
    DerivedTable("coverage", "schemas/coverage.json", (*_FIGURES, "searches"), coverage_grid),
    DerivedTable("agreement", "schemas/agreement.json", ("second_readings",), agreement),
)


def suggestions(package: Package, load: Load) -> Iterator[Suggestion]:
    """What a curator might do next, what is quickest first."""
    yield from new_ids(package)
    yield from answers(load)
    yield from searches(load, datetime.date.fromisoformat(package.created[:10]))
    yield from addresses(load)
    yield from alike(load)


EXTENSION = Extension(
    package="ycd-opendata",
    cell_rules=HYGIENE,
    record_rules=(*records.RULES, *targets_and_outcomes.RULES),
    derived_tables=DERIVED,
    as_of=AsOf(known_by, known_tables),
    documents=DOCUMENTS,
    subject=subject,
    site=SITE,
    suggestions=suggestions,
)
