"""Companies, agencies and persons that an instrument names, in its sentence or in a list printed after 附件."""

from __future__ import annotations

import re

from pipeline.patterns import regex

# 1. 通用动力公司（General Dynamics)
_ITEM = regex(r"(?:^|\n)[ 　]*\d{1,3}[ 　]*[.．、](?!\d)[ 　]*(?P<name>[^\n]{2,120})")
_ANNEX = regex(r"\n附[ 　]?件?[ 　]*\d?[ 　]*\n")
_LISTED = regex(
    r"将(?P<names>[^。；]{2,600}?)(?:等[^，。；、]{0,40}?(?:家|实体|企业)[^，。；、]{0,10})?(?:（[^（）]{0"
    r",20}）)?(?=列入)"
)
_ONE = regex(
    r"(?:^|[对与和、，将据]|近年来，)(?P<name>[一-龥A-Za-z0-9·]{2,24}?(?:公司|集团"
    r"|株式会社))(?!等?(?:\d|[一二三四五六七八九十])家)"
)
_FOREIGN = regex(r"[（(][^（()）]*[)）]")
_LEAD = regex(r"^(?:参与[^，、。]{0,16}?的|涉嫌[^，、。]{0,16}?的|对台[^，、。]{0,10}?的|近年来[，,])")
_ENTITY = regex(
    r"(?:公司|集团|株式会社|大学|研究院|研究所|机构|联盟|实验室|论坛|协会|银行|学院"
    r"|基金会|中心|智库|工厂|Inc\.?|LLC|Ltd\.?|Corp\.?|Group W公司)$"
)
_COUNTRY = regex(r"^(?:美国|日本|欧盟|英国|台湾地区)(?:企业|实体)?(?=[^、，]{3,}(?:公司|集团)$)")
_COUNT = regex(r"等?(?:\d+|[一二三四五六七八九十两]+)家")
_RATE = regex(r"^(?P<name>[^%\n]{3,60}?)[ 　]+\d{1,3}(?:\.\d+)?[ 　]?%")


def listed_entities(text: str) -> tuple[str, ...]:
    """The items of the numbered list printed after 附件, without their foreign names; empty if there is none."""
    annex = _ANNEX.search(text)
    if annex is None:
        return ()
    names = [_plain(item["name"]) for item in _ITEM.finditer(text, annex.start())]
    names = [name for name in names if _ENTITY.search(name)]
    return tuple(dict.fromkeys(names))


def taxed_companies(text: str) -> tuple[str, ...]:
    """The exporters of a list of duty rates (`1． 瓦卢瑞克德国公司 57.9%`), the rest category left out."""
    names = []
    for item in _ITEM.finditer(text):
        rate = _RATE.match(item["name"].strip())
        if rate and not rate["name"].startswith(("其他", "所有")):
            names.append(_plain(rate["name"]))
    return tuple(dict.fromkeys(names))


def entities_of(sentence: str) -> tuple[str, ...]:
    """The targets named in a sentence that lists them: `将甲公司（A Inc.）、乙公司列入…`, `对…公司启动调查`."""
    bare = _FOREIGN.sub("", sentence)
    stretch = _LISTED.search(bare)
    pieces = _pieces(stretch["names"]) if stretch is not None else [match["name"] for match in _ONE.finditer(bare)]
    names = []
    for piece in pieces:
        name = _COUNT.split(_LEAD.sub("", piece.strip(" 　")))[0].removesuffix("等")
        name = re.sub(r"^(?:对|将|决定|和|与|及|向|于|就|关于|近年来)+", "", name).split("的")[-1]
        name = _COUNTRY.sub("", name)
        if 3 <= len(name) <= 30 and _ENTITY.search(name) and not _NO_NAME.search(name):
            names.append(name)
    return tuple(dict.fromkeys(names))


def is_entity(name: str) -> bool:
    """Whether the name ends as those of companies, institutes and agencies do."""
    return bool(_ENTITY.search(name)) and not _NO_NAME.search(name)


def bare_name(name: str) -> str:
    """A name as it is kept: without the foreign one in brackets behind it."""
    return _plain(name)


_NO_NAME = regex(r"\d家|上述|有关|相关|子公司$|中国公司|美国公司$|一家|该公司|家公司")


def _pieces(source: str) -> list[str]:
    """Split a Chinese list; in `甲防务、空间与安全集团` the first half names no organisation: one name."""
    parts: list[str] = []
    for part in re.split(r"[、，,]|(?<=公司)[和及与]|(?<=集团)[和及与]|(?<=会社)[和及与]", source):
        if (
            parts
            and not _ENTITY.search(_COUNT.split(parts[-1])[0].removesuffix("等"))
            and len(parts[-1]) <= 12
            and _ENTITY.search(_COUNT.split(part)[0].removesuffix("等"))
        ):
            parts[-1] = f"{parts[-1]}、{part}"
        else:
            parts.append(part)
    return parts


def _plain(name: str) -> str:
    return _FOREIGN.sub("", name).replace("\u200c", "").strip(" 　。；;")
