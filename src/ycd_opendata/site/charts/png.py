"""Pictures as PNG, from the SVG that the pages show.

A picture takes some fifty thousandths of a second, as long as twenty pages: who makes many of
them chooses which.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ycd_opendata.errors import MissingExtraError
from ycd_opendata.site.charts.time_chart import COLORS, SIZE, style

FONTS = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei','Noto Sans',sans-serif"

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_CREDIT = re.compile(
    r'(<text class="unit" x="0"[^>]*>)([\u3000-\u9fff\uff00-\uff60]+) ([ -;=-~]{9,})(?=</text>)'
)
_SPACE = 3
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_VARIABLE = re.compile(r"(--\w+): ([^;}]+)")
_USE = re.compile(r"var\((--\w+)\)")
_OWN_COLOR = "var(--c)"
_PROOF = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">{text}</svg>'


def png_of(svg: str, scale: float) -> bytes:
    """A chart that is a file of its own, in its light colours, as PNG."""
    # Fonts with Chinese letters are slow, so that they are for texts alone and not for numbers.
    fonts = f".name,.unit,.title{{font-family:{FONTS}}}" if 'lang="zh"' in svg else ""
    plain = f"<style>{_plain_style()}{fonts}</style>"
    svg = _CREDIT.sub(_with_latin_apart, svg) if fonts else svg
    return drawn(_STYLE.sub(lambda _: plain, svg, count=1), scale)


def _with_latin_apart(credit: re.Match[str]) -> str:
    """A line with its Latin end in a font of its own, after Chinese letters of a known width."""
    opened, chinese, latin = credit.groups()
    place = f'x="{SIZE * len(chinese) + _SPACE}" font-family="sans-serif"'
    return f"{opened}{chinese}<tspan {place}>{latin}</tspan>"


def drawn(svg: str, scale: float = 1.0) -> bytes:
    """An SVG without style sheets of variables, as PNG."""
    try:
        import vl_convert
    except ImportError as error:
        raise MissingExtraError("drawing pictures", "publish") from error
    return vl_convert.svg_to_png(svg, scale=scale)


@lru_cache(maxsize=8)
def can_write(lang: str) -> bool:
    """Whether a font of this machine has the letters of a language; without, they are left out."""
    letter = {"zh": "数"}.get(lang, "a")
    text = f'<text x="2" y="20" font-size="20" font-family="sans-serif">{letter}</text>'
    return drawn(_PROOF.format(text=text)) != drawn(_PROOF.format(text=""))


@lru_cache(maxsize=1)
def _plain_style() -> str:
    """The style of charts in light colours, without variables, which the drawer does not know."""
    light, _, rest = style().partition("@media")
    values = dict(_VARIABLE.findall(light))
    return "svg{font-family:sans-serif;font-size:12px}" + "".join(
        _plain_rules(rest.partition("}}")[2], values)
    )


def _plain_rules(text: str, values: dict[str, str]) -> list[str]:
    found = []
    for selectors, body in _RULE.findall(text):
        if ":" in selectors or "--c:" in body:
            continue
        parts = [_USE.sub(lambda use: values.get(use[1], use[0]), each) for each in body.split(";")]
        # Apart, so that the colour of a series is no stronger than the look of a verdict.
        shared = ";".join(each for each in parts if _OWN_COLOR not in each)
        found.append(f"{selectors}{{{shared}}}")
        own = ";".join(each for each in parts if _OWN_COLOR in each)
        for index in range(COLORS if own else 0):
            named = ",".join(f"{each.strip()}.c{index}" for each in selectors.split(","))
            found.append(f"{named}{{{own.replace(_OWN_COLOR, values[f'--c{index}'])}}}")
    return found
