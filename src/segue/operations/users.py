"""What an operator does with users at the machine: a password, shutting somebody out, letting somebody in again."""

from segue import accounts
from segue.operations.installation import Installation


async def set_password(parts: Installation, email: str, password: str, *, now: int) -> None:
    """Give a user a password. Every session of the user ends. Raises `Invalid` and `NotFound`."""
    accounts.check_password(password)
    hashed = await accounts.Passwords().hashed(password)
    async with parts.database.transaction() as tx:
        user_id = await accounts.give_password(tx, email, hashed, now=now)
    await parts.trail().record("user.password", "done", subject_id=user_id)


async def disable(parts: Installation, email: str, *, at: int | None) -> None:
    """Shut a user out: keys, sessions and links stop at once. With `at=None` they work again."""
    async with parts.database.transaction() as tx:
        user_id = await accounts.disable_email(tx, email, at=at)
    await parts.trail().record("user.enable" if at is None else "user.disable", "done", subject_id=user_id)
