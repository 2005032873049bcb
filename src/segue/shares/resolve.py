"""Opens a link for whoever holds it: the hot path of Segue, for the JSON and for the page alike.

Guarantee: the rate limit is asked before anything is read, and when an answer leaves, granted or refused, its audit
row is on disk.
"""

import math
import time

import msgspec

from segue.audit import AddressKeeper, AuditLog, Entry, agent_class
from segue.database import Database
from segue.errors import TooMany
from segue.http import Answer, Request, failure_answer, json_answer, prefers_html
from segue.playback import Signer
from segue.ratelimit import client_network
from segue.shares import store
from segue.shares.budgets import Budgets
from segue.shares.page import SharePage
from segue.shares.rules import Standing, dead, standing
from segue.shares.store import Opened
from segue.shares.token import digest_of
from segue.shares.view import is_available, resolved_view

_HEADERS = [
    ("cache-control", "no-store"),
    ("vary", "accept"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
]

_PLAY = {"play", "play="}


class _Visit(msgspec.Struct, frozen=True, gc=False):
    """One request as the audit and the answers need it. `now` is `at_us` in whole seconds."""

    request: Request
    at_us: int
    now: int
    wants_page: bool
    plays: bool


class Resolve:
    """`GET|HEAD /v1/music/shared/{token}`. A page without `?play` is no open: previews and scanners spend nothing."""

    def __init__(
        self,
        database: Database,
        log: AuditLog,
        keeper: AddressKeeper,
        budgets: Budgets,
        signer: Signer,
        page: SharePage,
    ) -> None:
        self._database = database
        self._log = log
        self._keeper = keeper
        self._budgets = budgets
        self._signer = signer
        self._page = page

    async def __call__(self, request: Request) -> Answer:
        wants_page = prefers_html(request.header("accept") or "*/*")
        at_s = time.time()
        visit = _Visit(request, int(at_s * 1e6), int(at_s), wants_page, not wants_page or request.query in _PLAY)
        network = client_network(request.client)
        wait_s = self._budgets.spend(network, at_s)
        if wait_s:
            await self._record(visit, "limited", None)
            return self._limited(visit, math.ceil(wait_s))
        opened = await store.opened(self._database.reader, digest_of(request.path.rpartition("/")[2]))
        stands = standing(None if opened is None else opened.terms, visit.now)
        if stands is Standing.UNKNOWN:
            self._budgets.unknown.spend(network, at_s)
        if opened is None or stands is not Standing.OPEN or not await self._claimed(visit, opened):
            await self._record(visit, Standing.USED_UP if stands is Standing.OPEN else stands, opened)
            return self._dead(visit)
        await self._record(visit, "granted" if is_available(opened) else "content_removed", opened)
        return await self._live(visit, opened)

    async def _claimed(self, visit: _Visit, opened: Opened) -> bool:
        """Whether this open may happen. Only a link with a limit is counted, and only when it is really opened."""
        counts = opened.terms.max_opens is not None and visit.plays and visit.request.method == "GET"
        if not counts or not is_available(opened):
            return True
        async with self._database.transaction() as tx:
            return await store.claim_open(tx, opened.share_id)

    async def _record(self, visit: _Visit, outcome: str, opened: Opened | None) -> None:
        request = visit.request
        await self._log.append(
            Entry(
                visit.at_us,
                "share.open" if visit.plays else "share.page",
                outcome,
                None if opened is None else opened.share_id,
                None,
                None,
                self._keeper(request.client),
                agent_class(request.header("user-agent") or ""),
                request.request_id,
            )
        )

    async def _live(self, visit: _Visit, opened: Opened) -> Answer:
        url = self._signer.minter(opened.grantee, now=visit.now)
        if visit.wants_page:
            sleeve = await store.sleeve(self._database.reader, opened.share_id)
            return self._page.live(opened, sleeve, url, plays=visit.plays)
        return json_answer(resolved_view(opened, url), 200, _HEADERS)

    def _dead(self, visit: _Visit) -> Answer:
        if visit.wants_page:
            return self._page.dead()
        return failure_answer(dead(), visit.request.request_id, now=visit.now, headers=_HEADERS)

    def _limited(self, visit: _Visit, wait_s: int) -> Answer:
        if visit.wants_page:
            return self._page.limited(wait_s)
        failure = TooMany(
            "Too many requests. Please try again later.",
            system_message="Share resolve rate limit exceeded for client IP",
            retry_after_s=wait_s,
        )
        return failure_answer(failure, visit.request.request_id, now=visit.now, headers=_HEADERS)
