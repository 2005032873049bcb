"""Share links: made, listed, revoked, and opened by anybody who holds one."""

from segue.shares.create import Wish, share_collection, share_track
from segue.shares.endpoints import (
    NewShareView,
    list_shares,
    listed,
    new_share_view,
    revoke_share,
    share_collection_endpoint,
    share_track_endpoint,
    share_url,
)
from segue.shares.page import SharePage
from segue.shares.resolve import Budgets, Resolve
from segue.shares.revoke import revoke
from segue.shares.rules import check_wish
from segue.shares.store import id_by_digest, newest
from segue.shares.stream import share_gate
from segue.shares.token import token_in

ENDPOINTS = (share_track_endpoint, share_collection_endpoint, list_shares, revoke_share)

__all__ = [
    "ENDPOINTS",
    "Budgets",
    "NewShareView",
    "Resolve",
    "SharePage",
    "Wish",
    "check_wish",
    "id_by_digest",
    "listed",
    "new_share_view",
    "newest",
    "revoke",
    "share_collection",
    "share_gate",
    "share_track",
    "share_url",
    "token_in",
]
