"""Addresses of machines: whether a host is one, and the neighbourhood one stands for."""

import ipaddress


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
