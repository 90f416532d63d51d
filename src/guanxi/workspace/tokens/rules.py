"""What a secret looks like and what is kept of it."""

import hashlib
import ipaddress
import secrets
from datetime import timedelta

PREFIX = {"session": "gs_", "access": "gx_"}
SESSION_LASTS = timedelta(days=14)


def is_address(host: str) -> bool:
    """Whether a host is written as an address: nobody can point that elsewhere."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def neighbourhood(place: str) -> str:
    """The place a request comes from, as it is counted: of IPv6 the network, in which addresses cost nothing."""
    try:
        address = ipaddress.ip_address(place)
    except ValueError:
        return place
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def new_secret(kind: str) -> str:
    """A fresh secret of 256 bits."""
    return PREFIX[kind] + secrets.token_urlsafe(32)


def hashed(secret: str) -> bytes:
    """What is kept of a secret; it cannot be turned back."""
    return hashlib.sha256(secret.encode()).digest()
