"""Pure. The bounds on everything a client can send, in one place. What an operator may move is a setting instead."""

TITLE_CHARS_MAX = 512
NAME_CHARS_MAX = 512
DESCRIPTION_CHARS_MAX = 4_096
LABEL_CHARS_MAX = 200
IMAGE_URL_CHARS_MAX = 1_024
CREDIT_CHARS_MAX = 1_024
SOURCE_CHARS_MAX = 1_024
EMAIL_CHARS_MAX = 254
PROMPT_CHARS_MAX = 4_096
LYRICS_CHARS_MAX = 8_192
STYLE_TAGS_MAX = 20
STYLE_TAG_CHARS_MAX = 64
IDEMPOTENCY_KEY_CHARS_MAX = 255
# A seed fits into 31 bits, which every engine takes.
SEED_MAX = 2**31 - 1
PASSWORD_CHARS_MIN = 10
PASSWORD_CHARS_MAX = 1_024
KEY_NAME_CHARS_MAX = 100
KEYS_MAX = 100
ORGANIZATIONS_MAX = 100

COLLECTION_TRACKS_MAX = 500
SHARE_DAYS_MAX = 90
SHARE_OPENS_MAX = 1_000_000

PAGE_LIMIT_DEFAULT = 50
PAGE_LIMIT_MAX = 100
MEMBERS_LIMIT_DEFAULT = 200
MEMBERS_LIMIT_MAX = 500
OFFSET_MAX = 10**9
ACTIVITY_DAYS_DEFAULT = 30
ACTIVITY_DAYS_MAX = 366

JSON_BODY_BYTES_MAX = 64 * 1_024
FORM_FIELD_BYTES_MAX = 16 * 1_024

# One answer to an open-ended range. A player asks for the rest itself, and each time it asks, the share is
# looked at again: this bounds how much of a revoked link can still be under way. Twenty seconds at 192 kb/s.
RANGE_BYTES_MAX = 512 * 1_024
