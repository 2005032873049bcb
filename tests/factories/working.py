"""Workers and work for tests of the queue: short times, work that keeps a diary, workers that run for a while."""

import asyncio
from contextlib import asynccontextmanager

from segue.jobs import Pace

QUICK = Pace(lease_s=1, poll_s=0.05, pause_s=0, rest_s=0.2)
PATIENT = Pace(lease_s=600, poll_s=600)  # what happens with this one happens by an event
WAIT_S = 20


class Diary:
    """Work that writes down what it was called with; `do` may be replaced by what is to happen meanwhile."""

    def __init__(self):
        self.begun, self.attempts, self.took_effect, self.given_up = [], [], [], []
        self._changed = asyncio.Condition()

    async def do(self, payload, call):
        pass

    async def work(self, payload, call):
        self.attempts.append(call.attempt)
        await self._write(self.begun, payload["n"])
        await self.do(payload, call)

        async def effect(_tx):
            await self._write(self.took_effect, payload["n"])

        return effect

    def give_up(self, payload, sentence):
        async def effect(_tx):
            await self._write(self.given_up, (payload["n"], sentence))

        return effect

    async def _write(self, page, line):
        async with self._changed:
            page.append(line)
            self._changed.notify_all()

    async def until(self, true):
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: true(self)), WAIT_S)


@asynccontextmanager
async def running(*workers):
    """The workers at work until the block ends, and then stopped in good order."""
    tasks = [asyncio.create_task(each.run()) for each in workers]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ended), ended
