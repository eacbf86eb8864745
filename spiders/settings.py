"""Scrapy settings that are safe by default; Scrapy's own are not (1 GiB bodies, no TLS verification, no robots)."""

from __future__ import annotations

from typing import Any

from spiders.connect import CA_FILE, CONNECT_TO, HOSTS
from spiders.options import CrawlOptions
from spiders.patience import FIRST_WAIT
from spiders.site import Source

MAX_REDIRECTS = 5
IN_HAND = 6_000_000
"""Bytes of bodies that may wait to be read and stored before the next story is asked for: three transactions' worth."""
RETRIES = 3
"""MOFCOM resets the first connection and serves the next; an HTTP answer of 4xx but 429 is never asked for again."""


def crawl_settings(source: Source, options: CrawlOptions) -> dict[str, Any]:
    """The settings of one crawl."""
    delay = source.delay if options.delay is None else options.delay
    return {
        "BOT_NAME": "policywire",
        "USER_AGENT": options.user_agent,
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": source.robots_agent,
        # Politeness: one request a host at a time, spaced out and spaced wider when the host is slow.
        "DOWNLOADER": "spiders.downloader.Downloader",
        "CONCURRENT_REQUESTS_PER_DOMAIN": options.per_host,
        "CONCURRENT_REQUESTS": 3 + options.per_host,
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": IN_HAND,
        "CONCURRENT_ITEMS": 1,  # a spider without items: for each answer Scrapy makes so many tasks that do nothing
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_DELAY_JITTER": 0.5,
        "AUTOTHROTTLE_ENABLED": delay > 0,
        "AUTOTHROTTLE_START_DELAY": delay,
        "AUTOTHROTTLE_MAX_DELAY": 60.0,
        # Caps.
        "DOWNLOAD_TIMEOUT": options.timeout,
        "DOWNLOAD_MAXSIZE": options.max_body_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DEPTH_LIMIT": 3,
        "SPIDER_MIDDLEWARES_BASE": {},  # see below; the one for long addresses drops a request without a word
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,  # first asked for, first fetched
            "scrapy.spidermiddlewares.depth.DepthMiddleware": 900,
        },
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        "METAREFRESH_ENABLED": False,
        "RETRY_TIMES": RETRIES,
        "RETRY_HTTP_CODES": [429, 500, 502, 503, 504],
        FIRST_WAIT: delay,
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",  # the spider makes an issue of it
        # Who is talked to, and how.
        HOSTS: sorted(source.hosts),
        CONNECT_TO: dict(options.connect_to),
        CA_FILE: str(options.ca_file) if options.ca_file is not None else None,
        "TWISTED_DNS_RESOLVER": "spiders.connect.HostResolver",
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": {
            "http": "spiders.connect.DownloadHandler",
            "https": "spiders.connect.DownloadHandler",
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "HTTPPROXY_ENABLED": False,  # a proxy would connect where our own checks do not reach
        "COOKIES_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        # What a request goes through, whole: of Scrapy's own list nothing that is not named here, now or later.
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {
            "spiders.middlewares.HostAllowList": 50,  # Scrapy's OffsiteMiddleware is switched off by dont_filter
            "spiders.middlewares.RobotsPerHost": 100,
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            "spiders.patience.Patience": 550,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
        },
        # No doors into the process.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "EXTENSIONS_BASE": {},
        "EXTENSIONS": {
            "scrapy.extensions.corestats.CoreStats": 0,  # why a crawl ended; how many errors it logged
            "scrapy.extensions.logcount.LogCount": 0,
            "scrapy.extensions.throttle.AutoThrottle": 0,
        },
        "STATS_DUMP": False,
        "LOG_INSTALL_ROOT_HANDLER": False,  # logging is set up by the command that runs us
        "LOG_LEVEL": "INFO",
        "LOGSTATS_INTERVAL": 0,
    }
