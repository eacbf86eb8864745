"""Companies, agencies and persons that an instrument names: in the sentence, in numbered lists, in a list printed after 附件."""

from __future__ import annotations

import re

# 1. 通用动力公司（General Dynamics)
_ITEM = re.compile(r"(?:^|\n)[ 　]*\d{1,3}[ 　]*[.．、](?!\d)[ 　]*(?P<name>[^\n]{2,120})")
_ANNEX = re.compile(r"\n附[ 　]?件?[ 　]*\d?[ 　]*\n")
_LISTED = re.compile(
    r"将(?P<names>[^。；]{2,600}?)(?:等(?:参与[^。，]{0,30})?(?:\d+|[一二三四五六七八九十]+)家|等外国实体|等[^。，]{0,12}实体)?[^。，、；（）()]{0,24}?列入"
)
_FOREIGN = re.compile(r"[（(][^（()）]*[)）]")
_LEAD = re.compile(r"^(?:参与[^，、。]{0,16}?的|涉嫌[^，、。]{0,16}?的|对台[^，、。]{0,10}?的|近年来[，,])")
_ENTITY = re.compile(
    r"(?:公司|集团|株式会社|大学|研究院|研究所|机构|联盟|实验室|论坛|协会|银行|学院|基金会|中心|智库|工厂|Inc\.?|LLC|Ltd\.?|Corp\.?|Group W公司)$"
)
_COUNTRY = re.compile(r"^(?:美国|日本|欧盟|英国|台湾地区)(?=[^、，]{3,}(?:公司|集团)$)")
_COUNT = re.compile(r"等?(?:\d+|[一二三四五六七八九十两]+)家")
_RATE = re.compile(r"^(?P<name>[^%\n]{3,60}?)[ 　]+\d{1,3}(?:\.\d+)?[ 　]?%")


def listed_entities(text: str) -> tuple[str, ...]:
    """The items of the numbered list printed after the word 附件, without their foreign names; empty if there is none."""
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
        if rate and not rate["name"].startswith(("其他", "所有其他")):
            names.append(_plain(rate["name"]))
    return tuple(dict.fromkeys(names))


def entities_of(sentence: str) -> tuple[str, ...]:
    """The targets named in a sentence that lists them: `将甲公司（A Inc.）、乙公司列入…`, `对…公司启动调查`."""
    bare = _FOREIGN.sub("", sentence)
    stretch = _LISTED.search(bare)
    source = stretch["names"] if stretch else bare
    names: list[str] = []
    if stretch is None and not re.search(r"(?:公司|集团|株式会社)", bare):
        return ()
    for piece in _pieces(source):
        name = _LEAD.sub("", piece.strip(" 　"))
        name = _COUNT.split(name)[0]
        name = name.split("的")[-1] if "的" in name else name
        name = re.sub(r"^(?:对|将|决定|和|与|及|向|于|近年来|就)+", "", name)
        name = re.sub(r"(?:不顾|严重|启动|违反|采取|实施|在|因|协助|针对|涉嫌|与台)[^、]*$", "", name)
        name = re.sub(r"等$", "", name)
        name = (
            _COUNTRY.sub("", name)
            if stretch and name.startswith("美国") and len(name) > 8 and "美国" != name[:2]
            else name
        )
        if 3 <= len(name) <= 30 and _ENTITY.search(name) and not re.search(r"\d家|上述|有关|相关|子公司$", name):
            names.append(name)
    return tuple(dict.fromkeys(names))


def _pieces(source: str) -> list[str]:
    """Split a Chinese list; `波音防务、空间与安全集团` is one name whose first half ends in no word for an organisation."""
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
