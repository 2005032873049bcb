"""Pure. Refusals that several places say. Each is made anew, since an exception keeps where it was raised."""

from segue.errors import Forbidden, Unauthenticated


def not_your_organization() -> Forbidden:
    return Forbidden("You don't have access to this organization.", code="ORGANIZATION_ACCESS_DENIED")


def not_from_our_page() -> Forbidden:
    return Forbidden("This request did not come from a page of this server.", code="CROSS_SITE_REQUEST")


def wrong_password() -> Unauthenticated:
    """The same for an e-mail that nobody has: which of the two is wrong is nobody's business."""
    return Unauthenticated("Invalid email, username, or password", code="INVALID_CREDENTIALS")
