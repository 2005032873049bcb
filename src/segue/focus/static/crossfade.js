// Lays the segments of a focus session one over the other, so that the level stays where it is at every join.
//
// A segment begins where the one before it begins to fade. Different music fades by equal power: a sine up, a cosine
// down, whose squares are one at every moment. All times are seconds on the clock of an AudioContext.

const STEPS = 256;

/** Where each segment begins and how long it fades, from the session's own list. The first begins at `from`. */
export function placed(segments, from = 0) {
  let start = from;
  return segments.map((segment) => {
    const place = {
      index: segment.segment_index,
      start,
      length: segment.measured_duration_seconds,
      fadeIn: segment.fade_in_ms / 1000,
      fadeOut: segment.fade_out_ms / 1000,
    };
    start += place.length - place.fadeOut;
    return place;
  });
}

/** A quarter of a sine, rising or falling: the curve of one side of a join. */
export function fade(rising) {
  return Float32Array.from({ length: STEPS }, (_, step) => {
    const share = step / (STEPS - 1);
    return Math.sin((rising ? share : 1 - share) * (Math.PI / 2));
  });
}

/**
 * Has a decoded segment play at its place. Returns the source, to be stopped, and its gain.
 *
 * What lies before the context's present time is skipped: a listener who comes back in the middle hears the middle.
 */
export function schedule(context, buffer, place, { fadesOut = true, destination = context.destination } = {}) {
  const source = new AudioBufferSourceNode(context, { buffer });
  const gain = new GainNode(context);
  source.connect(gain).connect(destination);
  const now = context.currentTime;
  const skipped = Math.max(0, now - place.start);
  if (place.fadeIn > 0 && skipped < 0.01) {
    gain.gain.setValueCurveAtTime(fade(true), place.start, place.fadeIn);
  }
  const fadesAt = place.start + place.length - place.fadeOut;
  if (fadesOut && place.fadeOut > 0 && fadesAt > now) {
    gain.gain.setValueCurveAtTime(fade(false), fadesAt, place.fadeOut);
  }
  source.start(Math.max(now, place.start), skipped);
  return { source, gain };
}
