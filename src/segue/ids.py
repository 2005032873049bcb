"""Identifiers: a prefix that says what a thing is, and 48 random bits from the system's cryptographic source.

Ids are names, not secrets: knowing one grants nothing. Whoever inserts one retries on a collision.
"""

import re
import secrets
from random import getrandbits
from typing import NewType

OrganizationId = NewType("OrganizationId", str)
UserId = NewType("UserId", str)
ApiKeyId = NewType("ApiKeyId", str)
TrackId = NewType("TrackId", str)
LibraryId = NewType("LibraryId", str)
CollectionId = NewType("CollectionId", str)
ShareId = NewType("ShareId", str)
JobId = NewType("JobId", str)
GenerationId = NewType("GenerationId", str)
FocusId = NewType("FocusId", str)
SessionId = NewType("SessionId", str)
InvitationId = NewType("InvitationId", str)

_SHAPE = re.compile(r"[a-z]+_[0-9a-f]{12}", re.ASCII)


def _random() -> str:
    return secrets.token_hex(6)


def new_organization_id() -> OrganizationId:
    return OrganizationId(f"org_{_random()}")


def new_user_id() -> UserId:
    return UserId(f"usr_{_random()}")


def new_api_key_id() -> ApiKeyId:
    return ApiKeyId(f"ak_{_random()}")


def new_track_id() -> TrackId:
    return TrackId(f"mtrack_{_random()}")


def new_library_id() -> LibraryId:
    return LibraryId(f"mlib_{_random()}")


def new_collection_id() -> CollectionId:
    return CollectionId(f"mcoll_{_random()}")


def new_share_id() -> ShareId:
    return ShareId(f"mslink_{_random()}")


def new_generation_id() -> GenerationId:
    return GenerationId(f"mgen_{_random()}")


def new_focus_id() -> FocusId:
    return FocusId(f"mfocus_{_random()}")


def new_session_id() -> SessionId:
    return SessionId(f"sess_{_random()}")


def new_invitation_id() -> InvitationId:
    return InvitationId(f"inv_{_random()}")


def new_request_id() -> str:
    """The id of one request: `x-request-id`, `trace_id`, the log and the audit all carry the same one.

    It names and grants nothing, so a fast source will do.
    """
    return f"req_{getrandbits(48):012x}"


def has_prefix(text: str, prefix: str) -> bool:
    """Whether `text` is a well-formed id of the kind `prefix` names, such as `mtrack`."""
    return text.startswith(prefix + "_") and _SHAPE.fullmatch(text) is not None
