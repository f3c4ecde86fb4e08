"""Our pictures, drawn at build time as SVG, each with the data behind it."""

from __future__ import annotations

from ycd_opendata.delta.pictures.fields import initiatives_by_field
from ycd_opendata.delta.pictures.regions import Regions
from ycd_opendata.delta.pictures.timeline import dates_by_region
from ycd_opendata.loader.loading import load_table
from ycd_opendata.package.model import Package
from ycd_opendata.site.charts.picture import Picture

__all__ = ["draw"]


def draw(package: Package) -> tuple[Picture, ...]:
    """Draw the pictures of a package of ours.

    Parameters
    ----------
    package : Package
        A valid package with this project's tables.

    Returns
    -------
    tuple of Picture
        ``dates-by-region`` and ``initiatives-by-field``; one whose table is empty is left out.
    """
    tables = {
        name: load_table(package, name) for name in ("regions", "dates", "initiatives", "domains")
    }
    regions = Regions.of(tables["regions"])
    drawn = (
        dates_by_region(tables["dates"], regions),
        initiatives_by_field(tables["initiatives"], tables["domains"], regions),
    )
    return tuple(picture for picture in drawn if picture is not None)
