"""The sources as the configuration makes them: the table of each, with the listings that it adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.boundary import Refused

if TYPE_CHECKING:
    from config import Config
    from spiders.site import Source


def hosts_of(config: Config) -> tuple[tuple[str, str], ...]:
    """The hosts of all sources that are not disabled, each with its source."""
    from spiders.source import SOURCES

    enabled = [name for name in SOURCES if name not in config.sources or config.sources[name].enabled]
    return tuple((host, name) for name in enabled for host in sorted(configured_source(config, name).hosts))


def configured_source(config: Config, name: str) -> Source:
    """A source with the sections of `[[sources.<name>.extra]]`; refuses one that it cannot have."""
    from spiders.site import Section
    from spiders.source import SOURCES

    source = SOURCES[name]
    settings = config.sources.get(name)
    for number, extra in enumerate(settings.extra if settings else ()):
        section = Section(
            name=extra.name,
            url=extra.url,
            floor=extra.floor,
            language=extra.language,
            default=True,
            max_age_days=extra.max_age_days,
        )
        try:
            source = source.with_section(section)
        except ValueError as error:
            raise Refused(f"sources.{name}.extra[{number}].{error}") from error
    return source
