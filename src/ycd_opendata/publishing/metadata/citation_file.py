"""``CITATION.cff``: how to cite the release, as reference managers and code hosts read it."""

from __future__ import annotations

import contextlib
from typing import Any

import yaml
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from ycd_opendata.loader.citation import Author
from ycd_opendata.package.files import is_web_address
from ycd_opendata.publishing.metadata.about import About, compact

CITATION = "CITATION.cff"


def citation_text(about: About) -> str:
    """The text in the Citation File Format 1.2.0; "" if nobody is named whom one could cite."""
    if not about.authors:
        return ""
    value = {
        "cff-version": "1.2.0",
        "message": "If you use this data set, please cite this version of it.",
        "type": "dataset",
        "title": about.full_title,
        "version": about.version,
        "date-released": about.issued,
        "authors": [_author(each) for each in about.authors],
        "abstract": about.description,
        "keywords": list(dict.fromkeys(text for _, text in about.keywords)),
        "url": about.base_url,
    }
    return yaml.safe_dump(
        compact(value | _licence(about)), allow_unicode=True, sort_keys=False, width=100
    )


def _author(author: Author) -> dict[str, str]:
    if author.family or author.given:
        return compact({"family-names": author.family, "given-names": author.given})
    return {"name": author.name}


def _licence(about: About) -> dict[str, Any]:
    """The licence by its SPDX name, or else by its address."""
    for name, path in about.licences:
        with contextlib.suppress(InvalidLicenseExpression):
            if not name.startswith("LicenseRef-"):
                return {"license": str(canonicalize_license_expression(name))}
        if is_web_address(path):
            return {"license-url": path}
    return {}
