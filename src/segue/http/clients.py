"""Pure. Which address a request comes from: the connection's, or the one a trusted proxy saw."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address

_HOPS_MAX = 32


class ClientAddresses:
    """Finds the client's address. Whoever is not a trusted proxy can write into X-Forwarded-For what it likes."""

    def __init__(self, trusted: tuple[IPv4Network | IPv6Network, ...]) -> None:
        self._networks = trusted
        self.trusts_somebody = bool(trusted)
        self._trusts = lru_cache(maxsize=1024)(self._looked_up)

    def find(self, peer: str, forwarded_for: str | None) -> str:
        """`peer` is the connection's address. Walks the header from its right end over trusted hops only."""
        if not forwarded_for or not self._trusts(peer):
            return peer
        address = peer
        for hop in reversed(forwarded_for.split(",")[-_HOPS_MAX:]):
            candidate = _bare(hop.strip())
            if candidate is None:
                return address
            address = candidate
            if not self._trusts(address):
                return address
        return address

    def _looked_up(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(parsed, "ipv4_mapped", None)
        return any((mapped or parsed) in network for network in self._networks)


def _bare(hop: str) -> str | None:
    """The address in `1.2.3.4`, `1.2.3.4:80`, `2001:db8::1` or `[2001:db8::1]:80`; None when there is none."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ip_address(hop.partition("%")[0]))  # a zone may be any text
    except ValueError:
        return None
