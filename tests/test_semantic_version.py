"""Semantic versions and their precedence, against the standard's own examples."""

from __future__ import annotations

import itertools

import pytest

from ycd_opendata.semantic_version import Version, parse_version

# Semantic Versioning 2.0.0, section 11.
ORDER = [
    *("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2"),
    *("1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1-beta", "1.0.1", "1.9.0", "1.10.0-0"),
    *("1.10.0", "2.0.0"),
]


def version(text: str) -> Version:
    parsed = parse_version(text)
    assert parsed is not None
    return parsed


def test_versions_order_by_precedence() -> None:
    for lower, higher in itertools.combinations(ORDER, 2):
        assert version(lower) < version(higher)
        assert not version(higher) <= version(lower)


def test_build_metadata_have_no_rank() -> None:
    assert version("1.0.0+001") == version("1.0.0+exp.sha.5114f85") == version("1.0.0")
    assert version("1.0.0-beta+001") == version("1.0.0-beta")


@pytest.mark.parametrize(
    "text",
    [
        *("", "1", "1.0", "1.0.0.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0-a..b"),
        *("1.0.0+", "1.0.0-a_b", "1.0.0\n", "1.0.0 ", "1.0.0-数", "１.0.0", "2022-01-17"),
        "1.0." + "9" * 5000,
    ],
)
def test_what_is_no_version_is_none(text: str) -> None:
    assert parse_version(text) is None
