"""Decodes a source from end to end in constant memory and keeps the books: what came, what broke, what was missing."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import av

from segue.audio import refusals
from segue.audio.source import Source, refuse_strange
from segue.errors import Invalid

if TYPE_CHECKING:  # generic for the type checker only
    from av.packet import Packet
    from av.stream import Stream

PICTURE_BYTES_MAX = 24 * 1_024 * 1_024
# Below this share of the claim, and missing more than this, a file is cut off and not just rounded.
CLAIM_SHARE_MIN = 0.98
CLAIM_MISSING_S_MAX = 0.5


class Decoding:
    """One pass over a source. Iterate `frames()` to its end; the counts are right, and checked, only after that."""

    def __init__(self, source: Source, seconds_max: float) -> None:
        self._source = source
        self._seconds_max = seconds_max
        self._packets = 0
        self._broken = 0
        self._shape: tuple[int, int, str] | None = None
        self.samples = 0
        self.sound_bytes = 0
        self.rate_hz = 0
        self.channels = 0
        self.picture: bytes | None = None

    @property
    def duration_s(self) -> float:
        return self.samples / self.rate_hz

    def frames(self) -> Iterator[av.AudioFrame]:
        """Every decoded frame, all of one rate and layout. Invalid when the sound is too long, damaged or cut off."""
        for packet in self.packets():
            yield from self.decoded(packet) or ()
        self.check()

    def packets(self) -> "Iterator[Packet[Stream]]":
        """The packets of sound; pictures are put aside. A read error is the end: what is missing is counted later."""
        packets = self._source.container.demux((self._source.stream, *self._source.pictures))
        while True:
            try:
                packet = next(packets, None)
            except MemoryError:
                raise
            except av.FFmpegError:
                packet = None
            if packet is None:
                return
            if packet.stream.type == "audio":
                yield packet
            else:
                self._keep_picture(packet)

    def decoded(self, packet: "Packet[Stream]") -> list[av.AudioFrame] | None:
        """The frames of one packet, or None when it is broken: one bad packet does not make a bad file."""
        self._packets += 1
        self.sound_bytes += packet.size
        try:
            frames = self._source.stream.codec_context.decode(packet)
        except MemoryError:
            raise
        except av.FFmpegError:
            self._broken += 1
            return None
        for frame in frames:
            self._count(frame)
        return frames

    def _count(self, frame: av.AudioFrame) -> None:
        shape = (frame.sample_rate, frame.layout.nb_channels, frame.format.name)
        if self._shape is None:
            self.rate_hz, self.channels, _ = self._shape = shape
            refuse_strange(self.rate_hz, self.channels)
        elif shape != self._shape:
            raise Invalid(refusals.CHANGING)
        self.samples += frame.samples
        if self.samples > self._seconds_max * self.rate_hz:
            raise refusals.too_long(self._seconds_max)

    def _keep_picture(self, packet: "Packet[Stream]") -> None:
        """The front cover when one is named so, or else the first picture."""
        front = packet.stream.metadata.get("comment") == "Cover (front)"
        if 0 < packet.size <= PICTURE_BYTES_MAX and (self.picture is None or front):
            self.picture = bytes(packet)

    def check(self) -> None:
        """Invalid unless what was decoded is sound, whole by the file's own claim, and mostly undamaged."""
        if self.samples == 0:
            raise Invalid(refusals.DAMAGED if self._broken or self._source.claimed_s else refusals.NO_SOUND)
        claimed_s = self._source.claimed_s
        missing = claimed_s is not None and claimed_s - self.duration_s > CLAIM_MISSING_S_MAX
        if claimed_s is not None and missing and self.duration_s < CLAIM_SHARE_MIN * claimed_s:
            raise refusals.cut_off(self.duration_s, claimed_s)
        if self._broken > max(2, self._packets // 20):
            raise Invalid(refusals.DAMAGED)
