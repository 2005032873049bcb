"""Engines that really run in a process of their own, good ones and such as go wrong. Each is a function of a setup, as
an entry point leads to it; `offered` is it as a server has it.
"""

import math
import os
import signal
import sys
import time
import wave
from array import array
from pathlib import Path

from factories.engines import facts, terms

from segue.engines import Brief, EngineFacts, EngineFailed, EngineRefused, Offer, Rendered, Setup, Stopped
from segue.licences import LicenceClass

RATE_HZ = 8_000


def hum(path: Path, seconds: float, hertz: int = 220) -> None:
    """A tone, as a WAVE file in mono. A second of it is made, and repeated."""
    second = array("h", (round(8_000 * math.sin(2 * math.pi * hertz * n / RATE_HZ)) for n in range(RATE_HZ)))
    tone = (second * (int(seconds) + 1))[: round(seconds * RATE_HZ)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(tone.tobytes())


class Hum:
    """Hums: the master and two stems, of the length that is asked for, at a pitch that comes from the seed."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    @property
    def facts(self) -> EngineFacts:
        return facts(
            type(self).__name__.lower(),
            supports_seed_audio=True,
            supports_tempo_and_key=True,
            origin="algorithmicMedia",
            length_tolerance=0.02,
            memory_bytes_max=2_000_000_000,
        )

    def obstacle(self) -> str | None:
        return None

    def render(self, brief: Brief, workdir: Path, progress, cancelled) -> Rendered:
        names = {"master": "master.wav", "drums": "drums.wav", "lead": "lead.wav"}
        for nth, name in enumerate(names.values()):
            if cancelled():
                raise Stopped
            hum(workdir / name, brief.duration_s, 100 + brief.seed % 400 + 50 * nth)
            progress((nth + 1) / 3)
        master = names.pop("master")
        return Rendered(master=master, stems=names, model="hum/1", seed=brief.seed, parameters={"voice": "hum"})


class Studio(Hum):
    """Stands in the place of Segue's own engine where nobody listens."""


class Plain(Hum):
    """The same without stems."""

    def render(self, brief, workdir, progress, cancelled):
        hum(workdir / "master.wav", brief.duration_s)
        progress(1)
        return Rendered(master="master.wav", model="plain/1", seed=brief.seed)


class Waiting(Hum):
    """Says that it has begun, and waits until it is told to stop."""

    def render(self, brief, workdir, progress, cancelled):
        progress(0.25)
        while not cancelled():
            time.sleep(0.01)
        raise Stopped


class Stubborn(Hum):
    """Says that it has begun, and never asks whether it should stop."""

    def render(self, brief, workdir, progress, cancelled):
        progress(0.25)
        signal.pause()


class Gated(Hum):
    """Hums as soon as the file that its setup names is there."""

    def render(self, brief, workdir, progress, cancelled):
        progress(0.25)
        while not Path(self.setup.options["gate"]).exists():
            if cancelled():
                raise Stopped
            time.sleep(0.01)
        return super().render(brief, workdir, progress, cancelled)


class Dawdling(Hum):
    """Hums after a while, which is another one each time."""

    def render(self, brief, workdir, progress, cancelled):
        for step in range(1, 5):
            time.sleep(os.urandom(1)[0] / 255 / 10)
            progress(step / 5)
        return super().render(brief, workdir, progress, cancelled)


class Failing(Hum):
    def render(self, brief, workdir, progress, cancelled):
        raise EngineFailed("The service is closed today. Try again tomorrow.")


class Refusing(Hum):
    def render(self, brief, workdir, progress, cancelled):
        raise EngineRefused("The service does not imitate living artists.")


class Rambling(Hum):
    def render(self, brief, workdir, progress, cancelled):
        raise EngineFailed("No\0 way.\n" + "Really. " * 100)


class Raising(Hum):
    def render(self, brief, workdir, progress, cancelled):
        raise ZeroDivisionError("secret of the engine")


class Dying(Hum):
    def render(self, brief, workdir, progress, cancelled):
        os.kill(os.getpid(), signal.SIGKILL)


class Leaving(Hum):
    def render(self, brief, workdir, progress, cancelled):
        sys.exit(0)


class Greedy(Hum):
    def render(self, brief, workdir, progress, cancelled):
        return Rendered(master="master.wav", model=str(len(bytearray(3_000_000_000))))


class Talking(Hum):
    """Prints a great deal where only answers belong, and then hums."""

    def render(self, brief, workdir, progress, cancelled):
        os.write(1, b'{"type":"Failed","sentence":"no"}\n' * 10_000)
        sys.stderr.write("tuning up" * 10_000)
        return super().render(brief, workdir, progress, cancelled)


class Rubbish(Hum):
    def render(self, brief, workdir, progress, cancelled):
        (workdir / "master.wav").write_bytes(b"<html>502 Bad Gateway</html>" * 100)
        return Rendered(master="master.wav", model="rubbish/1")


class Pointing(Hum):
    """Hands back a link to somebody else's file."""

    def render(self, brief, workdir, progress, cancelled):
        (workdir / "master.wav").symlink_to("/etc/passwd")
        return Rendered(master="master.wav", model="pointing/1")


class Climbing(Hum):
    """Names a file outside its folder."""

    def render(self, brief, workdir, progress, cancelled):
        return Rendered(master="../../etc/passwd", model="climbing/1")


class Nothing(Hum):
    def render(self, brief, workdir, progress, cancelled):
        return Rendered(master="master.wav", model="nothing/1")


class Short(Hum):
    """Makes half of what was asked."""

    def render(self, brief, workdir, progress, cancelled):
        hum(workdir / "master.wav", brief.duration_s / 2)
        return Rendered(master="master.wav", model="short/1")


class Silent(Hum):
    def render(self, brief, workdir, progress, cancelled):
        hum(workdir / "master.wav", brief.duration_s, 0)
        return Rendered(master="master.wav", model="silent/1")


class Boasting(Hum):
    """Claims terms for a piece that are better than its own."""

    @property
    def facts(self):
        return facts("boasting", terms=terms(LicenceClass.PERSONAL_ONLY))

    def render(self, brief, workdir, progress, cancelled):
        hum(workdir / "master.wav", brief.duration_s)
        return Rendered(master="master.wav", model="boasting/1", terms=terms())


class Humble(Hum):
    """Says that what it used for this piece has lesser terms than its own."""

    def render(self, brief, workdir, progress, cancelled):
        hum(workdir / "master.wav", brief.duration_s)
        return Rendered(
            master="master.wav", model="humble/1", terms=terms(LicenceClass.PERSONAL_ONLY, attribution=True)
        )


class Patient(Hum):
    """Keeps to all rules, and takes long enough to be stopped."""

    def render(self, brief, workdir, progress, cancelled):
        if brief.duration_s > 30:
            return Waiting.render(self, brief, workdir, progress, cancelled)
        return super().render(brief, workdir, progress, cancelled)


class Mute(Patient):
    """Never tells how far it is, and has no stems although it says so."""

    def render(self, brief, workdir, progress, cancelled):
        hum(workdir / "master.wav", brief.duration_s)
        return Rendered(master="master.wav", model="mute/1")


class Fickle(Patient):
    """Says that it keeps to a seed, and lets its folder decide."""

    def render(self, brief, workdir, progress, cancelled):
        made = super().render(brief, workdir, progress, cancelled)
        if brief.duration_s <= 30:
            hum(workdir / made.master, brief.duration_s, 100 + sum(map(ord, str(workdir))) % 300)
        return made


class Uneven(Patient):
    """Its stems are shorter than the piece."""

    def render(self, brief, workdir, progress, cancelled):
        made = super().render(brief, workdir, progress, cancelled)
        hum(workdir / made.stems["lead"], brief.duration_s / 2)
        return made


class Deaf(Patient):
    """Does not stop."""

    def render(self, brief, workdir, progress, cancelled):
        if brief.duration_s > 30:
            return Stubborn.render(self, brief, workdir, progress, cancelled)
        return super().render(brief, workdir, progress, cancelled)


class Monotonous(Patient):
    """Makes the same whatever the seed."""

    def render(self, brief, workdir, progress, cancelled):
        hum(workdir / "master.wav", brief.duration_s)
        hum(workdir / "lead.wav", brief.duration_s)
        progress(1)
        return Rendered(master="master.wav", stems={"lead": "lead.wav"}, model="monotonous/1")


def offered(engine: type[Hum] = Hum, **options: str) -> Offer:
    setup = Setup(options)
    return Offer(f"{engine.__module__}:{engine.__name__}", setup, engine(setup).facts, engine(setup).obstacle())
