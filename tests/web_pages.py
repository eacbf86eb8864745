"""Every page of the site, for the tests and pictures that go through all of them: add a page here when it is made."""

from __future__ import annotations

from demo.pictures import HEARD, KEPT, REPORTED, REVISED, RICHEST, SPEAKING, Place, first

PAGES = (
    Place(name="today", path="/"),
    Place(name="search", path="/search?q=出口"),
    Place(name="search-quotes", path="/search?in=quotes&role=executive"),
    Place(name="search-nothing", path="/search?in=articles&q=nothing"),
    Place(name="article", path="/articles/{}", fill=first(RICHEST)),
    Place(name="changes", path="/articles/{}/changes", fill=first(REVISED)),
    Place(name="archived", path="/archived/{}", fill=first(KEPT)),
    Place(name="instrument", path="/instruments/{}", fill=first(REPORTED)),
    Place(name="person", path="/people/{}", fill=first(HEARD)),
    Place(name="review", path="/review"),
    Place(name="quality", path="/quality"),
    Place(name="sources", path="/sources"),
    Place(name="export", path="/export"),
    Place(name="rules", path="/rules"),
    Place(name="rule-new", path="/rules/new"),
    Place(name="organization", path="/organizations/{}", fill=first(SPEAKING)),
    Place(name="linking", path="/linking/{}", fill=first(HEARD)),
    Place(name="attachment", path="/attachments/{}", fill=first("SELECT id FROM attachments LIMIT 1")),
    Place(name="data", path="/data/policywire"),
    Place(name="data-table", path="/data/policywire/quotes_attributed?_facet=role&language=en"),
    Place(name="unsubscribe", path="/unsubscribe/7-aaaaaaaaaaaaaaaaaaaaaaaa"),
    Place(name="mail", path="/mail"),
    Place(name="letter", path="/mail/1"),
    Place(name="keys", path="/keys"),
    Place(name="error", path="/nowhere"),
)
