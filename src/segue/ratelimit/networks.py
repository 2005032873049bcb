"""Pure. Whom a budget belongs to: an IPv4 address, or the /64 that one IPv6 host can roam in."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address


@lru_cache(maxsize=8192)
def client_network(address: str) -> str:
    """The key of an address. An IPv4 address written as IPv6 counts as itself; what is no address is one client."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])  # the zone is this machine's
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return parsed.exploded[:19] + "/64"
        parsed = parsed.ipv4_mapped
    return str(parsed)
