"""One typed settings object: `policywire.toml` for what is public, the environment for what is secret."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_FILE = Path("policywire.toml")
_DURATION = re.compile(r"([0-9]{1,9})\s*(s|m|h|d)$")
_LONGEST = timedelta(days=366)
_WEEKDAY_NUMBER = re.compile(r"[^/]*[0-9]")
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+$")
_SIZE = re.compile(r"([0-9]{1,7})\s*(MiB|GiB|TiB)$")
_BINARY = {"MiB": 20, "GiB": 30, "TiB": 40}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class ConfigError(Exception):
    """The configuration cannot be used; the message names file, key and what is allowed."""


def _duration(value: object) -> object:
    match = _DURATION.match(value.strip()) if isinstance(value, str) else None
    duration = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else timedelta()
    if isinstance(value, timedelta):  # one that is set in code
        duration = value
    if not timedelta() < duration <= _LONGEST:
        raise ValueError(f'a duration such as "30s", "15m", "6h" or "7d", of at most {_LONGEST.days} days')
    return duration


def _size(value: object) -> object:
    match = _SIZE.match(value.strip()) if isinstance(value, str) else None
    size = int(match[1]) << _BINARY[match[2]] if match else 0
    if isinstance(value, int) and not isinstance(value, bool):  # one that is set in code
        size = value
    if not 1 << 20 <= size <= 1 << 50:
        raise ValueError('a size such as "512MiB" or "2GiB", of at least 1MiB')
    return size


def _zone(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError('a time zone name such as "Asia/Shanghai"')
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError('a time zone name such as "Asia/Shanghai"') from error


def _day(value: object) -> object:
    day = value.isoformat() if type(value) is date else value  # TOML has dates of its own
    try:
        if not isinstance(day, str) or date.fromisoformat(day).isoformat() != day:
            raise ValueError
    except ValueError as error:
        raise ValueError('a day such as "2026-12-01"') from error
    return day


def _cron(value: object) -> object:
    from apscheduler.triggers.cron import CronTrigger  # here: most configurations have none to check

    fields = 'five cron fields, e.g. "*/30 * * * *" (minute hour day month weekday)'
    if not isinstance(value, str) or len(value.split()) != 5:
        raise ValueError(fields)
    if _WEEKDAY_NUMBER.match(value.split()[4]):
        # 1 is Monday to cron and Tuesday to APScheduler
        raise ValueError(f'{fields} with weekdays by name, e.g. "mon-fri"')
    try:
        trigger = CronTrigger.from_crontab(value, timezone=UTC)
    except ValueError as error:
        raise ValueError(f"{fields}: {error}") from error
    if trigger.get_next_fire_time(None, datetime.now(UTC)) is None:
        raise ValueError(f"{fields} that some day meets")
    return value


def _path(value: object) -> object:
    if not isinstance(value, str | Path) or not str(value).isprintable() or str(value) in ("", "."):
        raise ValueError('the path of a file or folder such as "var/archive"')
    return value


def _address(value: object) -> object:
    if not isinstance(value, str) or len(value) > 254 or not _ADDRESS.match(value):
        raise ValueError('an e-mail address such as "desk@example.org"')
    return value


def _sender(value: object) -> object:
    if not isinstance(value, str) or not value.isprintable() or not _ADDRESS.match(parseaddr(value)[1]):
        raise ValueError('a name and an e-mail address such as "policywire <policywire@example.org>"')
    return value


def _routes(value: dict[str, str]) -> dict[str, str]:
    for end in (*value, *value.values()):
        host, _, port = end.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError(f'"host:port" = "address:port" ({end!r} is neither)')
    return value


def _networks(value: tuple[str, ...]) -> tuple[str, ...]:
    for one in value:
        try:
            ip_network(one)
        except ValueError as error:
            known = 'addresses or networks such as "127.0.0.1" or "10.0.0.0/8"'
            raise ValueError(f"{known} ({one!r} is neither)") from error
    return value


def _is_loopback(host: str) -> bool:
    return host in ("127.0.0.1", "::1", "localhost")


def check_address(value: str) -> None:
    """Raises ConfigError unless `value` can be an e-mail address."""
    try:
        _address(value)
    except ValueError as error:
        raise ConfigError(f"{value!r} is not {error}") from error


Duration = Annotated[timedelta, BeforeValidator(_duration)]
DurationOrNone = Annotated[timedelta, BeforeValidator(lambda text: timedelta() if text == "0d" else _duration(text))]
Size = Annotated[int, BeforeValidator(_size)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]


def _quiet(value: object) -> object:
    found = (
        re.fullmatch(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)", value)
        if isinstance(value, str)
        else None
    )
    if value != "none" and (found is None or found[1] == found[2]):
        raise ValueError('hours such as "22:00-07:00", or "none"')
    return value


Quiet = Annotated[str, BeforeValidator(_quiet)]
ZoneName = Annotated[str, BeforeValidator(lambda name: _zone(name) and name)]
Day = Annotated[str, BeforeValidator(_day)]
Cron = Annotated[str, BeforeValidator(_cron)]
SourceName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
FilePath = Annotated[Path, BeforeValidator(_path)]
Address = Annotated[str, BeforeValidator(_address)]
Sender = Annotated[str, BeforeValidator(_sender), Field(max_length=320)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Storage(_Table):
    """Where everything is kept. Relative paths count from the configuration file's folder."""

    database: FilePath = Path("var/policywire.db")
    archive: FilePath = Path("var/archive")
    rotate_mib: int = Field(default=1024, ge=1, le=65536)
    """Size at which a WARC file is full and the day's next one begins."""
    min_free_mib: int = Field(default=512, ge=16, le=1048576)
    """Where less is free for database or archive no crawl is begun, before the disk is full; copies leave it free."""


class Quality(_Table):
    """What is checked while a crawl goes on."""

    oracle_every: int | None = Field(default=None, ge=0)
    """One story in so many is read by trafilatura (extra `oracle`) as well; unset: 50 if it is installed; 0: none."""


class Network(_Table):
    """How the sites are asked."""

    user_agent: str = Field(default="policywire/0.1", min_length=3, max_length=200)
    contact: str | None = Field(default=None, max_length=200)
    """An address that a site's operator can write to; added to the user agent."""
    delay: float = Field(default=2.0, ge=0, le=120)
    """Seconds between two requests to one host, on average."""
    per_host: int = Field(default=1, ge=1, le=16)
    """Requests that may be under way to one host at a time; more than one only where the host's owner agrees."""
    timeout: float = Field(default=30.0, gt=0, le=300)
    max_body_mib: int = Field(default=8, ge=1, le=64)
    max_attachment_mib: int = Field(default=32, ge=1, le=128)
    max_attachments: int = Field(default=20, ge=0, le=200)
    """Attached files of one article that are fetched; 0: none are."""
    ca_file: FilePath | None = None
    """PEM file with certificates that a site's own chain leaves out; added to the usual ones, never instead."""
    connect_to: Annotated[dict[str, str], AfterValidator(_routes)] = Field(default_factory=dict)
    """`"host:port" = "address:port"`, as curl's --connect-to; for test set-ups and tunnels."""


class ExtraSection(_Table):
    """One more listing of a source: a micro-site or a column that the source's own table does not have."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_/-]{0,59}$")
    """What `--section` calls it."""
    url: str = Field(pattern=r"^https?://[^\s/]+/\S*$", max_length=500)
    """Its first page; its host joins those that may be contacted, and must lie in the source's own domain."""
    floor: int = Field(default=1, ge=1, le=1000)
    """How many links the first page must have; fewer is reported."""
    language: Literal["en", "zh"] = "en"
    max_age_days: int | None = Field(default=None, ge=1, le=3650)
    """When the newest link is older than this, the listing is reported as standing still."""


class SourceSettings(_Table):
    """What is crawled of one source."""

    enabled: bool = True
    sections: tuple[str, ...] = ()
    """Names of sections or columns; empty = the source's own defaults and those of `extra`."""
    extra: tuple[ExtraSection, ...] = ()
    revisit: DurationOrNone = timedelta(days=7)
    """How long after its publication a story is looked at again, at growing intervals; zero: never."""


class Job(_Table):
    """One crawl that the scheduler repeats, and what it may take."""

    source: SourceName
    every: Duration | None = None
    cron: Cron | None = None
    timeout: Duration = timedelta(minutes=30)
    jitter: DurationOrNone = timedelta(seconds=30)
    """By how much it begins later than it is due, at random; at most a quarter of `every`."""
    memory: Size = 2 << 30
    """What it and its readers may hold together before it is killed."""
    size: Size = 8 << 30
    """By how much a file may grow in one crawl."""

    @model_validator(mode="after")
    def _one_rhythm(self) -> Self:
        if (self.every is None) == (self.cron is None):
            raise ValueError('exactly one of every (e.g. "30m") and cron (e.g. "0 */2 * * *")')
        return self


class Schedule(_Table):
    """What runs when."""

    timezone: Zone = ZoneInfo("Asia/Shanghai")
    jobs: tuple[Job, ...] = ()
    """None: every enabled source at its own pace."""
    deliver_every: Duration = timedelta(minutes=1)
    digests_every: Duration = timedelta(minutes=1)
    """How often it is looked for digests that are due, and for what reviewers have released."""
    health_every: Duration = timedelta(minutes=30)
    """How often the sources are judged, also after each crawl: what is missing shows itself by time alone."""
    backup_at: Cron = "30 3 * * *"
    backup_to: FilePath | None = None
    """Folder for a nightly backup; none = no backup."""
    keep_daily: int = Field(default=7, ge=1, le=3660)
    """Of how many days the copies are kept; then the first of so many weeks, and of so many months."""
    keep_weekly: int = Field(default=4, ge=0, le=520)
    keep_monthly: int = Field(default=12, ge=0, le=600)
    verify_at: Cron = "0 5 * * *"
    """When a piece of the archive is verified."""
    weekly_at: Cron = "30 4 * * sun"
    """When the database is checked and tended."""
    verify_mib: int = Field(default=2048, ge=1, le=1048576)
    """How much of the archive is verified in a night."""


class Mail(_Table):
    """The SMTP server that alerts go out by. The password comes from POLICYWIRE_SMTP_PASSWORD or …_PASSWORD_FILE."""

    host: str = "127.0.0.1"
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    sender: Sender = "policywire <policywire@localhost>"
    reply_to: Address | None = None
    unsubscribe_to: Address | None = None
    """Who is written to by readers whose mail program unsubscribes by mail; a person then takes them out."""
    ca_file: FilePath | None = None
    operator: Address | None = None
    """Who hears when a source falls silent or a mail cannot be delivered."""
    lease: Duration = timedelta(minutes=5)
    give_up_after: Duration = timedelta(days=3)
    """Since it was first refused."""
    timeout: float = Field(default=30.0, ge=1, le=300)
    """Seconds that one answer of the server may take; the one to a whole mail four times as long."""
    per_minute: int = Field(default=0, ge=0, le=100_000)
    """Mails that may go out a minute; 0: as many as there are."""
    per_recipient_hourly: int = Field(default=60, ge=0, le=10_000)
    """Mails of watch rules that one recipient may get an hour; what exceeds it is put together. 0: no limit."""
    quiet: Quiet = "none"
    """Hours in which mail of rules that say nothing of it is held, each in its zone."""
    stale_after: DurationOrNone = timedelta(days=1)
    """What has waited for longer, or was found so long after it was published, is told in one mail; zero: never."""
    tell_within: DurationOrNone = timedelta(days=30)
    """What was published longer than that before it was found is told to nobody; zero: everything is told."""


class Site(_Table):
    """The analysts' site. Without logins it listens on loopback only."""

    logins: bool = False
    """Whether people must log in; users are made by `policywire user add`."""
    plain_http: bool = False
    """Allows logins over http beyond this machine, on a network that encrypts by itself."""
    base_url: str = Field(
        default="http://127.0.0.1:8350", pattern=r"^https?://[^\s/?#@\\]+(/[^\s]*)?$", validate_default=True
    )
    """How people reach the site: links in mails begin with it, and with logins its host name is answered to."""
    host: str = "127.0.0.1"
    """The address of this machine to listen on."""
    port: int = Field(default=8350, ge=0, le=65535)
    trusted_proxies: Annotated[tuple[str, ...], AfterValidator(_networks)] = ()
    """Addresses or networks of reverse proxies whose X-Forwarded-For is believed."""
    session_idle: Duration = timedelta(days=3)
    """A session ends when nothing was asked for that long."""
    session_longest: Duration = timedelta(days=30)
    """A session ends at the latest after this time."""

    @field_validator("base_url")
    @classmethod
    def _reachable(cls, value: str, info: ValidationInfo) -> str:
        parts = urlsplit(value)
        try:
            port_is_one = parts.port != 0
        except ValueError:
            port_is_one = False
        if not parts.hostname or not port_is_one:
            raise ValueError('an address such as "https://desk.example.org" or "http://127.0.0.1:8350"')
        if not info.data.get("logins"):
            return value
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError('an address without a path, such as "https://desk.example.org", where logins = true')
        if parts.scheme == "http" and not _is_loopback(parts.hostname) and not info.data.get("plain_http"):
            raise ValueError(
                "an https address where logins = true, for passwords must not cross a network in clear "
                "(plain_http = true allows it on one that encrypts by itself)"
            )
        return value

    @field_validator("host")
    @classmethod
    def _listens_where_it_may(cls, value: str, info: ValidationInfo) -> str:
        if _is_loopback(value):
            return value
        if not info.data.get("logins"):
            raise ValueError(
                '"127.0.0.1", "::1" or "localhost" while the site has no logins; logins = true allows others'
            )
        try:
            ip_address(value)
        except ValueError as error:
            raise ValueError('an IP address of this machine such as "127.0.0.1", "0.0.0.0" or "::"') from error
        return value


# the vocabularies of `spec/extraction.md` once more, for this module imports nothing of ours; a test compares them
RuleKind = Literal["announcement", "quote", "article"]
Instrument = Literal[
    "law", "regulation", "order", "announcement", "notice", "measures", "guideline", "plan", "list",
    "decision", "statement", "agreement", "standard", "pilot", "other",
]  # fmt: skip
Action = Literal[
    "opening", "support", "restriction", "export_control", "trade_remedy", "sanction", "tariff", "regulation", "other"
]  # fmt: skip
Status = Literal["issued", "draft", "planned", "repealed"]
Salience = Literal["news", "background"]
Role = Literal["executive", "official", "expert", "other"]
Frequency = Literal["instant", "hourly", "daily", "weekly"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class RuleSettings(_Table):
    """One watch rule: a full-text query and filters, every one that is given must hold; who hears of it, and when."""

    name: str = Field(min_length=1, max_length=80)
    to: tuple[Address, ...] = Field(min_length=1, max_length=20)
    query: str | None = Field(default=None, max_length=4000)
    kinds: tuple[RuleKind, ...] = ("announcement",)
    sources: tuple[SourceName, ...] = ()
    languages: tuple[Literal["en", "zh"], ...] = ()
    instruments: tuple[Instrument, ...] = ()
    actions: tuple[Action, ...] = ()
    issuers: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    salience: tuple[Salience, ...] = ()
    roles: tuple[Role, ...] = ()
    organizations: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    minimum_confidence: float | None = Field(default=None, ge=0, le=1)
    reviewed_only: bool = False
    frequency: Frequency = "instant"
    at: str = Field(default="08:00", pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    weekday: Weekday = "mon"
    zone: ZoneName = "Asia/Shanghai"
    quiet: Quiet | None = None
    paused: bool = False
    resumes_on: Day | None = None


class OwnedRule(RuleSettings):
    """A watch rule of a file that is brought into the site."""

    owner: str | None = Field(default=None, min_length=1, max_length=80)
    """Whose it is to be; none: whoever the command names."""


class RulesFile(_Table):
    """A file of watch rules."""

    rules: tuple[OwnedRule, ...] = Field(min_length=1)


def _names_once(rules: tuple[RuleSettings, ...]) -> tuple[RuleSettings, ...]:
    names = [rule.name.casefold() for rule in rules]
    if twice := sorted({rule.name for rule in rules if names.count(rule.name.casefold()) > 1}):
        raise ValueError(f"rules with a name of their own each ({twice[0]!r} is used twice)")
    return rules


def _listening(value: object) -> object:
    parts = urlsplit(f"//{value}") if isinstance(value, str) else None
    try:
        known = parts is not None and parts.hostname and parts.port is not None and f"//{value}" == parts.geturl()
    except ValueError:
        known = False
    if parts is None or not known or parts.username or parts.path or not _is_loopback(str(parts.hostname)):
        raise ValueError('an address of this machine only, and a port, such as "127.0.0.1:9350" or "[::1]:9350"')
    return value


Listening = Annotated[str, BeforeValidator(_listening)]


class Monitoring(_Table):
    """How others watch over the scheduler. The address of a dead-man's switch comes from POLICYWIRE_PING_URL."""

    listen: Listening | None = None
    """Where `policywire run` answers /healthz and /metrics, on loopback; none: nowhere."""
    ping_every: Duration = timedelta(minutes=5)
    """How often the scheduler pings its dead-man's switch."""


class Logging(_Table):
    """How the program tells what it does."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Cluster(_Table):
    """How `policywire reprocess --dask tls://…` and the cluster's scheduler know each other; PEM files, all or none."""

    ca_file: FilePath | None = None
    """The authority that signed the scheduler's certificate, and ours."""
    cert_file: FilePath | None = None
    key_file: FilePath | None = None

    @model_validator(mode="after")
    def _all_or_none(self) -> Self:
        if len({file is None for file in (self.ca_file, self.cert_file, self.key_file)}) != 1:
            raise ValueError("all of ca_file, cert_file and key_file, or none")
        return self


class Config(_Table):
    """Everything that can be set, with its defaults."""

    storage: Storage = Storage()
    network: Network = Network()
    quality: Quality = Quality()
    sources: dict[SourceName, SourceSettings] = Field(default_factory=dict)
    schedule: Schedule = Schedule()
    mail: Mail = Mail()
    site: Site = Site()
    rules: Annotated[tuple[RuleSettings, ...], AfterValidator(_names_once)] = ()
    logging: Logging = Logging()
    monitoring: Monitoring = Monitoring()
    cluster: Cluster = Cluster()


class Secrets(BaseSettings):
    """What must stand in no file of the project: read from the environment only."""

    model_config = SettingsConfigDict(env_prefix="POLICYWIRE_", extra="ignore", env_ignore_empty=True)

    smtp_password: SecretStr | None = None
    smtp_password_file: Path | None = None
    ping_url: SecretStr | None = None
    ping_url_file: Path | None = None

    def password(self) -> str | None:
        """The SMTP password, from the variable or from the file that the other variable names."""
        return _secret("SMTP_PASSWORD", self.smtp_password, self.smtp_password_file)

    def ping_address(self) -> str | None:
        """The dead-man's switch of the scheduler, likewise."""
        return _secret("PING_URL", self.ping_url, self.ping_url_file)


def source_ping_address(source: str) -> str | None:
    """The dead-man's switch of a source's crawls: from POLICYWIRE_PING_URL_MOFCOM, or …_MOFCOM_FILE, for `mofcom`."""
    name = f"PING_URL_{source.upper()}"
    file = os.environ.get(f"POLICYWIRE_{name}_FILE")
    said = os.environ.get(f"POLICYWIRE_{name}")
    return _secret(name, SecretStr(said) if said else None, Path(file) if file else None)


def _secret(name: str, said: SecretStr | None, file: Path | None) -> str | None:
    if said is not None:
        return said.get_secret_value()
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise ConfigError(f"POLICYWIRE_{name}_FILE: cannot read {file} ({why})") from error


def load_config(path: Path | None = None) -> Config:
    """Read and check the configuration.

    `path` None means `$POLICYWIRE_CONFIG`, then `policywire.toml` here, then the defaults. Raises ConfigError
    with one line a fault: file, key, what is wrong and what is allowed.
    """
    named = path or (Path(os.environ["POLICYWIRE_CONFIG"]) if os.environ.get("POLICYWIRE_CONFIG") else None)
    file = named or DEFAULT_FILE
    if named is None and not file.exists():
        return Config()
    return _anchored(_checked(file, Config, "give another with --config or POLICYWIRE_CONFIG"), file.resolve().parent)


def load_rules(file: Path) -> tuple[OwnedRule, ...]:
    """Read and check a file of watch rules, as `policywire rules export` writes it. Raises ConfigError likewise."""
    return _checked(file, RulesFile, "give another FILE").rules


_Model = TypeVar("_Model", bound=_Table)


def _checked(file: Path, model: type[_Model], instead: str) -> _Model:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}); {instead}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: is not valid TOML: {error}") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ConfigError("\n".join(_fault(file, fault, model) for fault in _innermost(error.errors()))) from error


def _anchored(config: Config, folder: Path) -> Config:
    """The same configuration with paths made absolute from the folder of the file."""

    def at(path: Path | None) -> Path | None:
        return None if path is None else folder / path

    return config.model_copy(
        update={
            "storage": config.storage.model_copy(
                update={"database": folder / config.storage.database, "archive": folder / config.storage.archive}
            ),
            "network": config.network.model_copy(update={"ca_file": at(config.network.ca_file)}),
            "mail": config.mail.model_copy(update={"ca_file": at(config.mail.ca_file)}),
            "cluster": config.cluster.model_copy(
                update={name: at(getattr(config.cluster, name)) for name in ("ca_file", "cert_file", "key_file")}
            ),
            "schedule": config.schedule.model_copy(update={"backup_to": at(config.schedule.backup_to)}),
        }
    )


def _innermost(faults: Sequence[Any]) -> list[Any]:
    """The faults without those that only repeat that something inside them is wrong."""
    places = [fault["loc"] for fault in faults]
    return [f for f in faults if not any(len(p) > len(f["loc"]) and p[: len(f["loc"])] == f["loc"] for p in places)]


def _fault(file: Path, fault: Any, model: type[_Table] = Config) -> str:
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault["loc"]).lstrip(".")
    if fault["type"] == "extra_forbidden":
        allowed = sorted(_keys_at(fault["loc"][:-1], model))
        near = difflib.get_close_matches(str(fault["loc"][-1]), allowed, n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        return f"{file}: {key}: unknown key{hint}; allowed here: {', '.join(allowed)}"
    message = fault["msg"].removeprefix("Value error, ")
    return f"{file}: {key or 'configuration'}: {_readable(fault['type'], message)}, not {_shown(fault.get('input'))}"


def _readable(kind: str, message: str) -> str:
    if kind == "too_short":
        return "must have at least one value"
    return f"must be {message}" if kind == "value_error" else message.replace("Input should", "must")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _keys_at(path: tuple[str | int, ...], model: Any = Config) -> set[str]:
    """Names of the keys that the table at `path` may hold."""
    for part in path:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation if part in getattr(model, "model_fields", {}) else model
        model = _table_in(annotation) or model
    return set(model.model_fields)


def _table_in(annotation: Any) -> Any:
    """The table class inside an annotation such as `tuple[Job, ...]` or `dict[str, SourceSettings]`, or None."""
    if isinstance(annotation, type) and issubclass(annotation, _Table):
        return annotation
    return next((found for part in getattr(annotation, "__args__", ()) if (found := _table_in(part))), None)
