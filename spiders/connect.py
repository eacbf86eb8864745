"""Where connections really go: name resolution held to the source's hosts, `connect_to`, and whom TLS trusts.

The allow-list is checked once more here, below redirects and everything a page can influence, and an allowed name
that resolves to a private address is not followed. TLS verifies the name in the URL, wherever the connection goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address as IPv4
from ipaddress import IPv6Address as IPv6
from ipaddress import IPv6Network, ip_address
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from twisted.internet._sslverify import IOpenSSLTrustRoot  # twisted has no public name for it
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from twisted.internet.ssl import AcceptableCiphers, optionsForClientTLS
from twisted.web.client import HostnameCachingHTTPSPolicy
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

HOSTS = "POLICYWIRE_HOSTS"
CONNECT_TO = "POLICYWIRE_CONNECT_TO"
CA_FILE = "POLICYWIRE_CA_FILE"

CACHED_HOSTS = 100
"""Hosts for which what TLS trusts is held ready; no source has half as many."""

NAT64 = IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = IPv6Network("2002::/16")


def is_public(address: str) -> bool:
    """Whether an address lies in the public internet; IPv4 hidden in an IPv6 address counts as itself.

    `ipaddress.is_private` alone misses 100.64/10, 224/4 and what 6to4 and NAT64 embed.
    """
    ip: IPv4 | IPv6 = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip in NAT64:
            ip = IPv4(int(ip) & 0xFFFFFFFF)
        elif ip in SIX_TO_FOUR and ip.sixtofour is not None:
            ip = ip.sixtofour
    return ip.is_global and not ip.is_multicast


def split_address(text: str) -> tuple[str, int]:
    """`host:port` or `[v6]:port` as (host, port); ValueError when it is neither."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"{text!r} is no host:port")
    return host.lower(), int(port)


@implementer(IHostResolution)
class Resolution:
    """A name looked up at once; there is nothing to cancel."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""


@implementer(IResolutionReceiver)
class PublicOnly:
    """Passes on the addresses that lie in the public internet."""

    def __init__(self, receiver: Any) -> None:
        self.receiver = receiver

    def resolutionBegan(self, resolution: Any) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if is_public(address.host):
            self.receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self.receiver.resolutionComplete()


@implementer(IHostnameResolver)
class HostResolver:
    """Resolves the source's hosts only; a host and port named in `connect_to` goes where that says."""

    def __init__(self, reactor: Any, hosts: frozenset[str], connect_to: dict[tuple[str, int], tuple[str, int]]) -> None:
        self.reactor = reactor
        self.system = reactor.nameResolver
        self.hosts = hosts
        self.connect_to = connect_to

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> HostResolver:
        """Scrapy calls it with the settings of `spiders.settings`."""
        settings = crawler.settings
        pins = {split_address(key): split_address(value) for key, value in settings.getdict(CONNECT_TO).items()}
        return cls(reactor, frozenset(settings.getlist(HOSTS)), pins)

    def install_on_reactor(self) -> None:
        """Take the reactor's name resolution over."""
        self.reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Any,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Any:
        """Hand the addresses of a host to the receiver; none for a host that is not on the list."""
        name = hostName.lower()
        pinned = self.connect_to.get((name, portNumber))
        if name in self.hosts and pinned is None:
            return self.system.resolveHostName(
                PublicOnly(resolutionReceiver), hostName, portNumber, addressTypes, transportSemantics
            )
        resolution = Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        if name in self.hosts and pinned is not None:
            host, port = pinned
            family = IPv6Address if ":" in host else IPv4Address
            resolutionReceiver.addressResolved(family("TCP", host, port))
        resolutionReceiver.resolutionComplete()
        return resolution


@implementer(IOpenSSLTrustRoot)
class SystemAnd:
    """Trusts the system's certificates and those of one more file."""

    def __init__(self, ca_file: str) -> None:
        self.ca_file = ca_file

    def _addCACertsToContext(self, context: SSL.Context) -> None:
        context.set_default_verify_paths()
        context.load_verify_locations(self.ca_file)


@implementer(IPolicyForHTTPS)
class VerifyingPolicy:
    """TLS that checks chain and host name, with further certificates trusted beside the system's."""

    def __init__(self, ca_file: str) -> None:
        self.trust: Any = SystemAnd(ca_file)
        # OpenSSL's own default list: some ministry hosts do not speak Twisted's narrower one.
        ciphers: Any = AcceptableCiphers
        self.options = {"acceptableCiphers": ciphers.fromOpenSSLCipherString("DEFAULT")}

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """The maker of TLS connections to that host."""
        return optionsForClientTLS(hostname.decode("ascii"), trustRoot=self.trust, extraCertificateOptions=self.options)


class DownloadHandler(HTTP11DownloadHandler):
    """Scrapy's handler, with the further certificates where there are any, read once a host.

    Scrapy reads all certificates of the system for each connection: 10 ms of processor time.

    Scrapy 2.19 deprecates the setting for a context factory of one's own and offers no other way to add a CA, hence
    the assignment to its attribute; a test crawls over TLS with a private CA and would notice a change.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        policy: Any = self._contextFactory
        if ca_file := crawler.settings.get(CA_FILE):
            policy = VerifyingPolicy(ca_file)
        cached: Any = HostnameCachingHTTPSPolicy(policy, cacheSize=CACHED_HOSTS)
        self._contextFactory = cached
