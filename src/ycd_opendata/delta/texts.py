"""The texts in README and codebook that are generated from our tables."""

from __future__ import annotations

import datetime

from ycd_opendata.delta.coverage import coverage, coverage_markdown, quality_markdown
from ycd_opendata.delta.grid import grid_markdown
from ycd_opendata.extension import Documents, GeneratedText, Load
from ycd_opendata.package.model import Package


def texts(package: Package, load: Load) -> tuple[GeneratedText, ...]:
    """How well the records are founded, how many there are, and what is covered."""
    released_on = datetime.date.fromisoformat(package.created[:10])
    found, regions = coverage(load, released_on), load("regions")
    names = dict(zip(regions["region_id"], regions["name_en"], strict=True))
    return (
        GeneratedText("quality", "How well the records are founded", quality_markdown(found)),
        GeneratedText("coverage", "How many records there are", coverage_markdown(found, names)),
        GeneratedText("grid", "What is covered", grid_markdown(load("coverage"))),
    )


DOCUMENTS = Documents(("README.md", "data/README.md"), texts)
