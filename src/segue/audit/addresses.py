"""Pure. How much of a client address the audit keeps: all of it, its network, or a keyed hash."""

import hmac
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network


@lru_cache(maxsize=4096)
def truncated(address: str) -> str:
    """`203.0.113.0/24` or `2001:db8:1::/48`: a neighbourhood, not a house. What is no address is `unknown`."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ip_network((parsed, 48), strict=False))
        parsed = parsed.ipv4_mapped
    return str(ip_network((parsed, 24), strict=False))


@dataclass(frozen=True, slots=True)
class AddressKeeper:
    """Turns an address into what is written. `how` is `whole`, `truncated` or `hashed`; the key never rests here."""

    how: str
    key: bytes = b""

    def __call__(self, address: str) -> str:
        if self.how == "whole":
            return address
        if self.how == "truncated":
            return truncated(address)
        return "h:" + hmac.digest(self.key, address.encode(), "sha256")[:12].hex()
