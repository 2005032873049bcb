"""Organizations, users, memberships, and the credentials that prove who calls."""

from segue.accounts.api_keys.endpoints import ENDPOINTS as _KEYS
from segue.accounts.authenticate import authenticate
from segue.accounts.bar import disable_email, disable_organization, disable_user, end_membership
from segue.accounts.credentials import Gate, session_cookie
from segue.accounts.found import NewMember, acting_member, add_user, found, organization_of
from segue.accounts.keys import ApiKey
from segue.accounts.last_used import LastUsed
from segue.accounts.members.endpoints import ENDPOINTS as _MEMBERS
from segue.accounts.refusals import not_from_our_page, not_your_organization
from segue.accounts.sessions.endpoints import ENDPOINTS as _SESSIONS
from segue.accounts.sessions.passwords import Passwords, check_password
from segue.accounts.sessions.sign_in import Doorkeeper, give_password
from segue.accounts.sessions.throttle import SignInThrottle
from segue.accounts.tables import memberships, organizations, users

ENDPOINTS = (*_SESSIONS, *_KEYS, *_MEMBERS)

__all__ = [
    "ENDPOINTS",
    "ApiKey",
    "Doorkeeper",
    "Gate",
    "LastUsed",
    "NewMember",
    "Passwords",
    "SignInThrottle",
    "acting_member",
    "add_user",
    "authenticate",
    "check_password",
    "disable_email",
    "disable_organization",
    "disable_user",
    "end_membership",
    "found",
    "give_password",
    "memberships",
    "not_from_our_page",
    "not_your_organization",
    "organization_of",
    "organizations",
    "session_cookie",
    "users",
]
