"""What pages of our records share: made once, and never more of it at hand than a bound."""

from __future__ import annotations

from functools import partial

import pytest
from sites import with_rows

from ycd_opendata.delta.site import indicator_figures, making, what_data_say
from ycd_opendata.delta.site.indicator_figures import variants_of
from ycd_opendata.delta.site.lists import listing
from ycd_opendata.delta.site.making import Maker
from ycd_opendata.delta.site.what_data_say import wanted_page
from ycd_opendata.site.content import Content
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.table_lists import table_listing


def test_what_is_shown_again_is_made_once_but_not_held_for_ever(
    small_content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_MOST_KEPT", 3)
    make, calls = Maker(Renderer(small_content, "en", table_listing)), list[str]()

    def made(key: str) -> str:
        calls.append(key)
        # What makes one thing makes another.
        return make.once("inner", key, lambda: f"{key}, said")

    for key in ("a", "a", "b", "c", "d", "e", "a"):
        assert make.once("outer", key, partial(made, key)) == f"{key}, said"
        assert len(make._kept) <= 3
    assert calls == ["a", "b", "c", "d", "e", "a"]


def test_of_a_large_family_or_list_of_wants_the_first_are_shown(
    small_content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    like = small_content.tables["indicators"].rows[0]
    family = [{**like, "indicator_id": f"i-{each}", "family": "f"} for each in range(5)]
    board = small_content.tables["scoreboard"].rows
    wants = [{**each, "verdict": "no_outcome", "region_id": "CN-ZJ"} for each in board]
    content = with_rows(small_content, indicators=family, scoreboard=wants)
    page = Renderer(content, "en", listing)
    make = Maker(page)
    assert [href for _, href, _ in variants_of(make, "i-0")] == [
        f"indicators/i-{each}.html" for each in range(1, 5)
    ]
    assert "scoreboard.html?region=CN-ZJ" not in wanted_page(page)[1]
    monkeypatch.setattr(indicator_figures, "_MOST_VARIANTS", 3)
    monkeypatch.setattr(what_data_say, "_MOST_WANTED", 2)
    assert len([*variants_of(make, "i-0")]) == 2
    _, text = wanted_page(page)
    assert text.count('href="targets/') == 2
    assert 'href="scoreboard.html?region=CN-ZJ&amp;verdict=no_outcome"' in text
    assert f">{len(wants)}</small>" in text
