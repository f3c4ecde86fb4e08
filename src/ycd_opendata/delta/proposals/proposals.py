"""All that is suggested to our curators, what is quickest to do first."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ycd_opendata.delta.proposals.answers import answers
from ycd_opendata.delta.proposals.gaps import addresses, alike, searches
from ycd_opendata.delta.proposals.new_ids import new_ids
from ycd_opendata.extension import Load
from ycd_opendata.package.model import Package
from ycd_opendata.suggestion import Suggestion


def suggestions(package: Package, load: Load) -> Iterator[Suggestion]:
    """New ids, outcomes for targets, searches, addresses, and indicators that look alike."""
    yield from new_ids(package)
    yield from answers(load)
    yield from searches(load, datetime.date.fromisoformat(package.created[:10]))
    yield from addresses(load)
    yield from alike(load)
