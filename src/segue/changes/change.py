"""One change by one call of the API.

Guarantee: the effect, and what is remembered for a client that asks again, are one transaction; the audit row is on
disk before the answer leaves. Under one `Idempotency-Key` a change happens once, also when both calls come at once.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TypeVar

import msgspec

from segue.audit import Trail
from segue.changes import store
from segue.changes.seal import Seal
from segue.changes.store import Remembered
from segue.clock import DAY_S
from segue.database import Database, Tx
from segue.errors import Conflict, Invalid
from segue.http import Answer, Call, Replay, Reply, json_answer

T = TypeVar("T")

KEPT_S = DAY_S
_KEY = re.compile(r"[!-~]{1,255}", re.ASCII)


class Change:
    """`async with change as tx:` opens its transaction; the block ends with `return await change.done(…)`."""

    def __init__(self, database: Database, trail: Trail, seal: Seal, call: Call) -> None:
        self._database = database
        self._trail = trail
        self._seal = seal
        self._call = call
        self._open = AsyncExitStack()
        self._key = call.header("idempotency-key")
        self._fingerprint: bytes | None = None
        self._entry: tuple[str, str, str | None, str | None] | None = None
        self._tx: Tx | None = None

    def named(self, key: str | None) -> bytes | None:
        """What this change is looked up by, for one that is remembered together with what it made: the digest of the
        client's key, or else of this one. Its answer is not remembered here then.
        """
        found, self._key = key if self._key is None else self._key, None
        return None if found is None else self._seal.digest(self._checked(found))

    async def once(self, content: Callable[[], bytes]) -> None:
        """Raises the earlier answer before the work is done, for a call whose body is not read as one piece.

        `content` says what has to be the same for the call to be the same; it is asked in a thread.
        """
        if self._key is None:
            return
        self._fingerprint = self._print(await asyncio.to_thread(content))
        digest = self._seal.digest(self._checked(self._key))
        found = await store.find(self._database.reader, self._scope, digest, after=self._call.now - KEPT_S)
        if found is not None:
            self._replay(found)

    async def __aenter__(self) -> Tx:
        content = await self._call.body() if self._key is not None and self._fingerprint is None else b""
        tx = self._tx = await self._open.enter_async_context(self._database.transaction())
        if self._key is not None:
            try:
                await self._claim(tx, self._checked(self._key), self._fingerprint or self._print(content))
            except BaseException as error:
                await self._open.__aexit__(type(error), error, error.__traceback__)
                raise
        return tx

    async def done(
        self,
        value: T,
        event: str,
        *,
        outcome: str = "done",
        status: int | None = None,
        share_id: str | None = None,
        subject_id: str | None = None,
    ) -> Reply[T]:
        """What the change answers, and what the audit says of it. The last line of the block."""
        self._entry = (event, outcome, share_id, subject_id)
        if self._key is not None and self._tx is not None:
            sealed = self._seal.close(self._key, msgspec.json.encode(value))
            digest = self._seal.digest(self._key)
            await store.keep(self._tx, self._scope, digest, status or self._call.status, sealed)
        return Reply(value, status)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._entry is None:
            error = RuntimeError("a change ended without saying what it did")
            await self._open.__aexit__(type(error), error, None)
            raise error
        await self._open.__aexit__(kind, error, trace)
        if kind is None and self._entry is not None:
            event, outcome, share_id, subject_id = self._entry
            actor_id = self._call.actor[0] if self._call.actor else None
            await self._trail.record(event, outcome, share_id=share_id, subject_id=subject_id, actor_id=actor_id)

    @property
    def _scope(self) -> str:
        return "/".join(self._call.actor)

    def _print(self, content: bytes) -> bytes:
        return hashlib.sha256(f"{self._call.method} {self._call.path}\n".encode() + content).digest()

    def _checked(self, key: str) -> str:
        if _KEY.fullmatch(key) is None:
            sentence = "An idempotency key has 1 to 255 printable characters and no space."
            raise Invalid(sentence, faults={"Idempotency-Key": sentence})
        return key

    async def _claim(self, tx: Tx, key: str, fingerprint: bytes) -> None:
        digest, now = self._seal.digest(key), self._call.now
        self._fingerprint = fingerprint
        if not await store.claim(tx, self._scope, digest, fingerprint, now=now, after=now - KEPT_S):
            self._replay(await store.taken(tx, self._scope, digest))

    def _replay(self, found: Remembered) -> None:
        body = self._seal.open(self._key or "", found.sealed)
        if found.fingerprint != self._fingerprint or body is None:
            raise Conflict("This idempotency key was used for another request.", code="IDEMPOTENCY_KEY_REUSED")
        raise Replay(Answer(found.status, [*json_answer(None).headers, ("idempotent-replayed", "true")], body))
