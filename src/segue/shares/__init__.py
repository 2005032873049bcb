"""Share links: made, listed, changed, revoked, kept, and opened by anybody who holds one."""

from segue.shares.budgets import Budgets
from segue.shares.create import share_collection, share_track
from segue.shares.endpoints import ENDPOINTS
from segue.shares.owner_view import NewShareView, listed, new_share_view, share_url
from segue.shares.page import SharePage
from segue.shares.public import OPERATIONS
from segue.shares.resolve import Resolve
from segue.shares.revoke import revoke
from segue.shares.rules import Wish, check_wish
from segue.shares.store import id_by_digest, newest
from segue.shares.stream import share_gate
from segue.shares.token import token_in

__all__ = [
    "ENDPOINTS",
    "OPERATIONS",
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
