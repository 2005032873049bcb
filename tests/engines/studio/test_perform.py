"""A whole performance: its files, that stems are exact, that it is the same again, that it stops, and what it costs."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from factories.bands import band, steps

from segue.audio.true_peak import TruePeak
from segue.engines import Stopped
from segue.engines.studio.files import FULL_SCALE, Raw
from segue.engines.studio.master import mastered
from segue.engines.studio.meter import Meter
from segue.engines.studio.perform import perform
from segue.engines.studio.voices import RATE_HZ
from segue.engines.studio.work import Work

LENGTH_S = 8.123


def never():
    return False


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder, told = tmp_path_factory.mktemp("played"), []
    score = band(LENGTH_S)
    return score, perform(score, folder, told.append, never), folder, told


def test_all_files_are_there_and_no_others(played):
    _, performance, folder, _ = played
    assert list(performance.stems) == ["drums", "bass", "keys", "lead", "space"]
    assert {path.name for path in folder.iterdir()} == {performance.master, *performance.stems.values()}


def test_all_files_have_the_length_to_the_sample_and_end_in_nothing(played):
    _, performance, folder, _ = played
    for name in (performance.master, *performance.stems.values()):
        found = steps(folder / name)
        assert found.shape == (2, round(LENGTH_S * RATE_HZ))
        assert not found[:, -1].any()
        assert 0 < np.abs(found).max() < FULL_SCALE - 1, "nothing clips"


def test_all_files_say_that_they_have_24_bits(played):
    """Players believe the block of facts at the beginning (RFC 9639): 20 bits of rate, 3 of channels, 5 of depth."""
    _, performance, folder, _ = played
    for name in (performance.master, *performance.stems.values()):
        facts = int.from_bytes((folder / name).read_bytes()[18:26])
        assert (facts >> 44, (facts >> 41 & 7) + 1, (facts >> 36 & 31) + 1) == (44_100, 2, 24)
        assert facts & (1 << 36) - 1 == round(LENGTH_S * RATE_HZ)


def test_the_master_has_its_loudness_and_its_peak(played):
    score, performance, folder, _ = played
    found = (steps(folder / performance.master) / np.float32(FULL_SCALE)).astype(np.float32)
    meter, peak = Meter(RATE_HZ), TruePeak()
    meter.add(found)
    peak.add(np.ascontiguousarray(found.T))
    assert meter.loudness_lufs() == pytest.approx(score.target_lufs, abs=0.3)
    assert meter.loudness_lufs() == pytest.approx(performance.loudness_lufs, abs=0.05)
    assert peak.peak_dbtp() <= -1.0
    assert np.abs(found.mean(axis=1)).max() < 2e-4


def test_the_stems_are_the_mix_for_their_master_is_the_master(played, tmp_path):
    score, performance, folder, _ = played
    summed = sum(steps(folder / name).astype(np.int64) for name in performance.stems.values())
    raw = Raw(tmp_path / "mix", summed.shape[1])
    raw.write(0, (summed / FULL_SCALE).astype(np.float32))
    again = tmp_path / "again.flac"
    mastered(raw, raw, score.target_lufs, score.drive, again, Work(lambda _: None, never, 1.0))
    raw.close()
    assert again.read_bytes() == (folder / performance.master).read_bytes()


def test_equal_scores_are_equal_files_and_other_seeds_are_not(played, tmp_path):
    score, performance, folder, _ = played
    assert perform(score, tmp_path, lambda _: None, never) == performance
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name
    other = tmp_path / "other"
    other.mkdir()
    perform(band(LENGTH_S, seed=8), other, lambda _: None, never)
    assert (other / performance.master).read_bytes() != (folder / performance.master).read_bytes()


def test_progress_grows_to_one(played):
    told = played[3]
    assert all(later > earlier for earlier, later in pairwise(told))
    assert told[0] < 0.1
    assert told[-2] > 0.8
    assert told[-1] == 1.0
    assert max(later - earlier for earlier, later in pairwise(told)) < 0.2


@pytest.mark.parametrize("after", [0, 5, 18, 26])
def test_it_stops_when_it_is_no_longer_wanted(after, tmp_path):
    asked = []

    def cancelled():
        asked.append(1)
        return len(asked) > after

    with pytest.raises(Stopped):
        perform(band(4.0), tmp_path, lambda _: None, cancelled)
    assert len(asked) == after + 1
    assert not [path for path in tmp_path.iterdir() if not path.name.endswith(".flac")]


def test_no_stem_may_take_the_name_of_the_room(tmp_path):
    score = band(4.0)
    with pytest.raises(ValueError, match="space"):
        perform(
            band(4.0, parts=(msgspec.structs.replace(score.parts[0], stem="space"),)), tmp_path, lambda _: None, never
        )


@pytest.mark.parametrize("length_s", [0.01, 1.0])
def test_the_shortest_pieces_are_made(length_s, tmp_path):
    performance = perform(band(length_s), tmp_path, lambda _: None, never)
    assert steps(tmp_path / performance.master).shape == (2, round(length_s * RATE_HZ))


def test_a_score_without_a_note_is_silence(tmp_path):
    performance = perform(band(2.0, parts=()), tmp_path, lambda _: None, never)
    assert performance.loudness_lufs is None
    assert not steps(tmp_path / performance.master).any()


_CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from factories.bands import band
from segue.engines.studio.perform import perform
perform(band(float(sys.argv[3])), Path(sys.argv[2]), lambda _: None, lambda: False)
print(*[line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')])
"""


def _memory_kb(length_s, folder):
    tests = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", _CHILD, tests, str(folder), str(length_s)]
    done = subprocess.run(command, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, check=True, capture_output=True)
    return int(done.stdout)


def test_memory_does_not_grow_with_the_length(tmp_path):
    short, long = _memory_kb(30, tmp_path), _memory_kb(120, tmp_path)
    assert long < 250_000
    assert long < short + 15_000
