"""What a client may ask of a link. The bounds are those of `check_wish`, told together with all else that is wrong."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from segue.limits import LABEL_CHARS_MAX, SHARE_OPENS_MAX
from segue.shares.rules import Wish

Visibility = Literal["link_only", "public"]
_Days = Annotated[int, Meta(ge=1, description="Days from now; more than 90 count as 90. Null: for ever.")]
_Label = Annotated[
    str,
    Meta(
        max_length=LABEL_CHARS_MAX,
        description="Whom it is for; only its owner sees it.",
        extra_json_schema={"format": "one-line"},
    ),
]
_Opens = Annotated[int, Meta(ge=1, le=SHARE_OPENS_MAX, description="So often it can be opened. Null: no limit.")]


class CreateShare(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a new link; it may be left out."""

    visibility: Visibility = "link_only"
    expires_in_days: _Days | None = None
    label: _Label | None = None
    max_opens: _Opens | None = None
    allow_save: bool = True

    def wish(self) -> Wish:
        return Wish(self.visibility, self.expires_in_days, self.label, self.max_opens, self.allow_save)


class ChangeShare(msgspec.Struct, forbid_unknown_fields=True):
    """What is to change. What is left out stays; null lifts a limit or takes the label away."""

    visibility: Visibility | UnsetType = UNSET
    expires_in_days: _Days | UnsetType | None = UNSET
    label: _Label | UnsetType | None = UNSET
    max_opens: _Opens | UnsetType | None = UNSET
    allow_save: bool | UnsetType = UNSET
