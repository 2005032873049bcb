"""A focus session as a browser plays it: the segments that the studio really makes, laid over each other in Chromium.

At a join one segment's soft bars fade out while the next one's fade in. How loud the join is, is measured twice:
against the same bars unfaded, where a difference is the fault of the fade alone, and against the twelve seconds before
and after it, which is what somebody hears.
"""

import math
import os
from pathlib import Path

import pytest
from factories.server import serving
from sqlalchemy import update

from segue import focus
from segue.clock import now_s
from segue.engines import installed
from segue.focus import Goal, Plan
from segue.focus.start import start
from segue.generations import Policy

MODULE = Path(focus.__file__).parent / "static" / "crossfade.js"
# Twenty minutes are ten segments. Four are enough to see that a session joins; SEGUE_TEST_LONG plays it through.
PLAN = Plan(Goal.FOCUS, "studio", 20, None, "medium", divergence=0.3, seed=8600)
SEGMENTS = 10 if os.environ.get("SEGUE_TEST_LONG") else 4

# Renders one join, and beside it what each side would be without a fade. Says the mean square of each over the fade,
# and over the middle third of it.
JOIN = """
async ([segments, number]) => {
  const { placed, schedule } = await import("/crossfade.js");
  const pair = placed(segments.slice(number, number + 2));
  const decode = async (segment) => {
    const bytes = await (await fetch(segment.playback_url)).arrayBuffer();
    return new OfflineAudioContext(2, 1, 44100).decodeAudioData(bytes);
  };
  const buffers = [await decode(segments[number]), await decode(segments[number + 1])];
  // Only the join is rendered: the first of the two is cut to its last seconds.
  const lead = 12;
  const first = buffers[0], kept = Math.round((pair[0].fadeOut + lead) * 44100);
  const tail = new AudioBuffer({ length: kept, numberOfChannels: 2, sampleRate: 44100 });
  for (let side = 0; side < 2; side += 1) {
    tail.copyToChannel(first.getChannelData(side).subarray(first.length - kept), side);
  }
  const places = [
    { ...pair[0], start: 0, length: kept / 44100, fadeIn: 0 },
    { ...pair[1], start: kept / 44100 - pair[0].fadeOut },
  ];
  const power = async (which, faded) => {
    const length = places[1].start + pair[0].fadeOut + lead;
    const context = new OfflineAudioContext(2, Math.round(length * 44100), 44100);
    const sources = [tail, buffers[1]];
    for (const each of which) {
      const plain = { ...places[each], fadeIn: 0, fadeOut: 0 };
      schedule(context, sources[each], faded ? places[each] : plain, { fadesOut: each === 0 });
    }
    const sound = (await context.startRendering()).getChannelData(0);
    const mean = (from, to) => {
      let sum = 0;
      for (let at = Math.round(from * 44100); at < Math.round(to * 44100); at += 1) sum += sound[at] ** 2;
      return sum / Math.round((to - from) * 44100);
    };
    const begin = places[1].start, fade = pair[0].fadeOut;
    return { whole: mean(begin, begin + fade), middle: mean(begin + fade / 3, begin + (2 * fade) / 3),
             before: mean(0, begin), after: mean(begin + fade, begin + fade + lead) };
  };
  return { joined: await power([0, 1], true), first: await power([0], false), second: await power([1], false),
           lengths: buffers.map((buffer) => buffer.duration), starts: placed(segments).map((each) => each.start) };
}
"""


@pytest.fixture
async def session(tmp_path, chromium):
    """A session of the studio with its first segments made, as the API gives it out, and a page to play it on."""
    async with serving(tmp_path, engines=installed()) as server:
        ada = await server.member()
        async with server.parts.database.transaction() as tx:
            started = await start(tx, ada.who, PLAN, server.engines, Policy({}, ()), now=now_s())
        found = (await ada.http.get(f"/focus/sessions/{started.id}")).json()
        while found["ready_count"] < SEGMENTS:
            await server.work()
            # As if it had been listened to for a segment more.
            async with server.parts.database.transaction() as tx:
                earlier = focus.focus_sessions.c.created_at - 121
                await tx.execute(update(focus.focus_sessions).values(created_at=earlier))
            found = (await ada.http.get(f"/focus/sessions/{started.id}")).json()
        page = await (await chromium.new_context()).new_page()
        await page.route("**/listen", lambda route: route.fulfill(content_type="text/html", body="<title>.</title>"))
        await page.route("**/crossfade.js", lambda route: route.fulfill(path=MODULE, content_type="text/javascript"))
        await page.goto(f"{server.url}/listen")
        yield found, page


def decibels(power):
    return 10 * math.log10(max(power, 1e-12))


async def test_every_join_is_as_loud_as_what_it_joins(session):
    found, page = session
    segments = found["segments"][:SEGMENTS]
    assert len(segments) == SEGMENTS
    for number in range(SEGMENTS - 1):
        heard = await page.evaluate(JOIN, [segments, number])
        expected = (heard["first"]["middle"] + heard["second"]["middle"]) / 2
        assert abs(decibels(heard["joined"]["middle"]) - decibels(expected)) < 1, number
        around = (heard["joined"]["before"] + heard["joined"]["after"]) / 2
        assert abs(decibels(heard["joined"]["whole"]) - decibels(around)) < 1, number
        for told, decoded in zip(segments[number:], heard["lengths"], strict=False):
            assert decoded == pytest.approx(told["measured_duration_seconds"], abs=0.001)
        strides = [later - earlier for earlier, later in zip(heard["starts"], heard["starts"][1:], strict=False)]
        assert max(strides) - min(strides) < 0.002, "the beat goes on through the join"
