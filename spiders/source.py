"""All sources by name: the tables of the site modules that the registry names. No Scrapy."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from pipeline.sources import TITLES
from spiders.site import Section, Source

__all__ = ["SOURCES", "Section", "Source"]

SOURCES: Mapping[str, Source] = MappingProxyType({name: import_module(f"spiders.{name}").SOURCE for name in TITLES})
