"""What makes a real article page weigh 30 to 60 kB: menus of every section, scripts, style, friendly links, a foot.

Invented, the same on every page of a site, and no part of any article: a parser has to step over it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from demo.story import Site
from pipeline.model import Language

_DESKS: Final = {
    "en": ("Harbors", "Orchards", "Workshops", "Railways", "Museums", "Weather", "Markets", "Schools", "Letters"),
    "zh": ("港口", "果园", "工坊", "铁路", "展馆", "气象", "市场", "学校", "来信"),
}
_CORNERS: Final = {
    "en": ("North", "South", "East", "West", "Coast", "Hills", "Plains", "Islands", "Rivers", "Valleys"),
    "zh": ("北部", "南部", "东部", "西部", "沿海", "山区", "平原", "海岛", "江河", "谷地"),
}


def furnished(html: str, site: Site, language: Language) -> str:
    """The page with all of it around its own content."""
    head, top, bottom = _parts(site, language)
    html = html.replace("</head>", f"{head}</head>", 1).replace("<body>", f"<body>{top}", 1)
    before, _, after = html.rpartition("</body>")
    return f"{before}{bottom}</body>{after}"


@lru_cache
def _parts(site: Site, language: Language) -> tuple[str, str, str]:
    host = "www.chinadaily.com.cn" if site == "china_daily" else "www.mofcom.gov.cn"
    menus = "".join(
        f'<li class="mega-{at}"><a href="//{host}/d{at}">{desk}</a><ul class="sub">'
        + "".join(
            f'<li><a target="_top" shape="rect" href="//{host}/d{at}/c{nth}">{desk} · {corner}</a></li>'
            for nth, corner in enumerate(_CORNERS[language])
        )
        + "</ul></li>\n"
        for at, desk in enumerate(_DESKS[language])
    )
    rules = "\n".join(
        f".mega-{at} .sub li a{{display:block;width:{90 + at}px;line-height:{22 + at % 3}px;color:#4{at % 10}5566}}"
        for at in range(40)
    )
    calls = "\n".join(
        f'window.__stat.push({{"slot":"s{at}","size":[{at * 3},{at * 5}],"lazy":{"true" if at % 2 else "false"}}});'
        for at in range(50)
    )
    links = "".join(
        f'<a target="_blank" rel="nofollow" href="//{host}/links/{at}.htm"><img width="88" height="31" alt="" '
        f'src="//{host}/images/logo_{at}.gif"></a>\n'
        for at in range(40)
    )
    return (
        f"<style>\n{rules}\n</style>\n<script>\nwindow.__stat = [];\n{calls}\n</script>\n",
        f'\n<div class="mega"><ul>\n{menus}</ul></div>\n',
        f'<div class="links">{links}</div>\n<script>\n(function(){{{calls}}})();\n</script>\n',
    )
