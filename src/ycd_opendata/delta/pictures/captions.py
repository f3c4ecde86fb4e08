"""What the pictures say, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ycd_opendata.site.charts.picture import Lang

Words = Mapping[Lang, str]

KINDS: Mapping[str, Words] = {
    "document": {"en": "Document signed, adopted or published", "zh": "文件签署、通过或发布"},
    "start": {"en": "Taking effect or launched", "zh": "施行或启动"},
    "meeting": {"en": "Meeting, report or appointment", "zh": "会议、报告或任职"},
    "planned": {"en": "Announced beforehand", "zh": "事先公布的安排"},
}
SPAN: Words = {"en": "Over these days, or on one of them", "zh": "历时数日，或为其间某日"}
NOUNS: Mapping[str, Mapping[Lang, tuple[str, str]]] = {
    "initiatives": {"en": (" initiative", " initiatives"), "zh": ("项举措", "项举措")},
    "dates": {"en": (" date", " dates"), "zh": ("个日期", "个日期")},
}
"""What is counted: for one, and for several."""

TITLES: Mapping[str, Words] = {
    "dates-by-region": {"en": "Timeline of dates, by region", "zh": "各地区日期时间线"},
    "initiatives-by-field": {
        "en": "Initiatives by policy field and region",
        "zh": "各政策领域、各地区的举措",
    },
}
WITH_CITIES: Words = {
    "en": "Cities and districts count with their province.",
    "zh": "市、区计入所在省市。",
}
OWN_FIELD: Words = {
    "en": "Each initiative counts in its own field, not in the one above it.",
    "zh": "每项举措只计入自身领域，不计入上级领域。",
}
NEWEST: Words = {
    "en": "Only the newest {:,} of {:,} dates are drawn.",
    "zh": "仅绘出{1:,}个日期中最新的{0:,}个。",
}


def counted(number: int, noun: str, lang: Lang) -> str:
    """A number with its noun, such as ``12 dates``."""
    return f"{number:,}{NOUNS[noun][lang][number != 1]}"


def listed(items: list[str], lang: Lang) -> str:
    """Items of a list within a sentence."""
    return ("、" if lang == "zh" else ", ").join(items)


def sentence(subject: str, items: list[str], lang: Lang) -> str:
    """A subject with its list, as a sentence."""
    colon, stop = ("：", "。") if lang == "zh" else (": ", ".")
    return f"{subject}{colon}{listed(items, lang)}{stop}"


def text_of(sentences: list[str], lang: Lang) -> str:
    """Sentences as one text."""
    return ("" if lang == "zh" else " ").join(sentences)
