"""Organizations, users, memberships and API keys."""

from segue.accounts.authenticate import authenticate
from segue.accounts.bar import disable_organization, disable_user, end_membership
from segue.accounts.credentials import caller
from segue.accounts.found import NewMember, acting_member, add_user, found
from segue.accounts.keys import ApiKey
from segue.accounts.tables import memberships, organizations, users

__all__ = [
    "ApiKey",
    "NewMember",
    "acting_member",
    "add_user",
    "authenticate",
    "caller",
    "disable_organization",
    "disable_user",
    "end_membership",
    "found",
    "memberships",
    "organizations",
    "users",
]
