"""Invented stories that are read before any page, so that tables and expressions are there before readers are forked.

They hold a bit of all that stories hold: quotations of all forms, posts, bodies, places, documents, decisions, names.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from db.keeping.stories import Story
from db.storing.prepared import prepare
from pipeline.extract import extract
from pipeline.model import Article, Page
from pipeline.sites import sites
from pipeline.text import is_chinese

_ENGLISH: Final = """\
Nora Field, chief executive officer of Quay Orchard Co and a former deputy minister of commerce, said on Tuesday: "We \
ship crates of pears by rail." "That is more than last year," she added. "Our growers, who own the sheds, will gain."

The Ministry of Commerce issued a notice on pears on Sept 18, 2026, announcing that it will impose anti-dumping \
duties on imports of pears from the European Union and the United States as of Oct 1, officials said. It will cut \
tariffs by 20 percent, ban exports of crates to 12 companies and extend the measures by five years, according to the \
ministry's Announcement No 14 of 2026.

"The pilot rules for orchards took effect in March," said Wu Lan, director of the Pear Research Institute at Quay \
University, and professor of economics. Zhou Min, a researcher with the Chinese Academy of Sciences and an expert on \
rail, told China Daily that "prices will rise by $3 billion". He noted that the State Council's Opinions on Promoting \
Orchards and the Law on the Protection of Ponds, which were released by the National Development and Reform \
Commission, are being revised. It is expected to be adopted at the next session.

Analysts believe demand will recover, and a report by the bank showed that sales grew 4.5 percent year-on-year. The \
Beijing municipal bureau of commerce and the Zhejiang provincial government launched a three-year action plan to \
support small firms. President Li Hua met with Prime Minister Anna Reed of Norway in Shanghai on Thursday; the two \
countries signed a memorandum of understanding and agreed to set up a free trade zone. The European Commission \
suspended its investigation, its spokesman said. "No comment," said a spokeswoman for the company, who declined to be \
named. Asked about the plan, John Pell, president and CEO of Pell Inc, replied: "It is good news."
"""
_CHINESE: Final = """\
商务部新闻发言人李华9月18日在例行记者会上表示："中方将继续扩大开放。"他指出，双方已签署《谅解备忘录》，并宣布自2026年10月1日起\
对原产于欧盟和美国的进口梨征收反倾销税，税率为20%，期限为5年。

商务部公告2026年第14号：根据《中华人民共和国对外贸易法》和《反倾销条例》有关规定，商务部决定将12家企业列入不可靠实体清单，禁止其从事\
与中国有关的进出口活动。本公告自公布之日起执行。商务部会同海关总署、国家发展改革委印发《关于促进梨园发展的若干措施》。

北京大学教授吴兰认为，这一政策有利于企业。浙江省人民政府办公厅日前发布三年行动计划，支持中小企业发展。约翰·佩尔介绍，公司去年出口增长\
4.5%。有记者问：对此有何评论？答：我们注意到有关报道，商务部将依法对该案启动调查，并于日前发布初步裁定。
"""


def read_first_texts() -> None:
    """Load the sites' parsers, and read the stories to the rows that a database would get of them."""
    sites()
    for text in (_ENGLISH, _CHINESE):
        for source in ("china_daily", "mofcom"):
            url = f"https://{source}.example/first"
            moment = datetime(2026, 9, 18, tzinfo=UTC)
            article = Article(
                source=source, url=url, title=text[:40], text=text, language="zh" if is_chinese(text) else "en",
                published=moment.isoformat(),
            )  # fmt: skip
            page = Page(url=url, source=source, body=b"", fetched_at=moment)
            prepare(Story(article=article, pages=[(page, None)], statements=extract(article)))
