"""Which machines a mailbox may talk to, and a connection that stays with the one that was checked."""

import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from guanxi.lib.errors import Invalid, Problem, Unavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Check = Callable[[Address], bool]
T = TypeVar("T")


class Security(StrEnum):
    """How a connection is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Server:
    """One mail server as a mailbox knows it."""

    host: str
    port: int
    security: Security
    user: str
    password: str
    timeout_seconds: float = 20.0
    authorities: str = ""
    """PEM text of an authority to trust beside the system's, for a company's own certificate."""

    def __repr__(self) -> str:
        return f"Server({self.user}@{self.host}:{self.port}, {self.security})"


def is_public(address: Address) -> bool:
    """An address anybody on the internet may reach."""
    return address.is_global and not address.is_multicast


def is_own_network(address: Address) -> bool:
    """Public, or in the company's own network; never the addresses by which a cloud answers its machines."""
    if address.is_multicast or address.is_unspecified or address.is_link_local or address.is_reserved:
        return False
    return str(address) not in ("100.100.100.200", "fd00:ec2::254")


def resolve(server: Server, allowed: Check) -> list[str]:
    """The addresses to connect to; refused when the name leads where a mailbox has no business."""
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unavailable("mailbox.unknown_host", host=server.host) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not allowed(plain(address)):
            own = is_own_network(plain(address))
            raise Invalid("mailbox.own_network" if own else "mailbox.forbidden_host", host=server.host)
    return addresses


def reach(server: Server, allowed: Check, connect: Callable[[Server, str], T]) -> T:
    """A connection to the first of the server's addresses that answers."""
    *others, last = resolve(server, allowed)
    for address in others:
        try:
            return connect(server, address)
        except Unavailable as problem:
            if problem.code not in ("mailbox.unreachable", "mailbox.refused_connection", "mailbox.timeout"):
                raise
    return connect(server, last)


def plain(address: str) -> Address:
    """An IPv4 address dressed as IPv6 is judged as what it is."""
    parsed = ipaddress.ip_address(address.split("%")[0])
    return getattr(parsed, "ipv4_mapped", None) or parsed


class _NamedContext(ssl.SSLContext):
    """Checks the certificate for the name that was typed, although the connection goes to a resolved address."""

    name: str

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        kwargs["server_hostname"] = self.name
        return super().wrap_socket(*args, **kwargs)


def tls_context(server: Server) -> ssl.SSLContext:
    """TLS 1.2 or later with a verified certificate; there is no way to switch the check off."""
    context = _NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.name = server.host
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    if server.authorities:
        try:
            context.load_verify_locations(cadata=server.authorities)
        except (ssl.SSLError, ValueError):
            raise Invalid("mailbox.authority") from None
    return context


def explain(error: Exception, server: Server) -> Problem:
    """A failed connection as a problem a person can act on."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unavailable("mailbox.certificate", host=server.host, reason=error.verify_message)
    if isinstance(error, ssl.SSLError):
        return Unavailable("mailbox.tls", host=server.host, port=server.port)
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return Unavailable("mailbox.timeout", host=server.host, port=server.port)
    if isinstance(error, ConnectionRefusedError):
        return Unavailable("mailbox.refused_connection", host=server.host, port=server.port)
    return Unavailable("mailbox.unreachable", host=server.host, port=server.port)
