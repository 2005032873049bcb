"""The ten pieces of docs/listening.md as they are played: within the bounds that tell music from noise or a beep."""

import hashlib

import numpy as np
import pytest

from listening import measures
from listening.pieces import PIECES, SECONDS
from segue.audio import inspect
from segue.engines import Brief
from segue.engines.studio.compose import compose
from segue.engines.studio.perform import perform
from segue.engines.studio.voices import VOICES


def played(prompt, seconds, seed, folder):
    """The score, and the performance of it in the folder."""
    score = compose(Brief(prompt=prompt, duration_s=seconds, seed=seed))
    return score, perform(score, folder, lambda _: None, lambda: False, VOICES)


@pytest.fixture(scope="module", params=PIECES, ids=lambda piece: piece.name)
def heard(request, tmp_path_factory):
    """One piece: its score, its file, and its sound."""
    folder = tmp_path_factory.mktemp("heard")
    score, performance = played(request.param.prompt, SECONDS, request.param.seed, folder)
    master = folder / performance.master
    return score, master, measures.read(master)


async def test_loudness_peak_and_length_are_what_was_asked_for(heard, tmp_path):
    score, master, sound = heard
    facts = await inspect(master, tmp_path)
    assert facts.loudness_lufs == pytest.approx(score.target_lufs, abs=0.3)
    assert facts.true_peak_dbtp <= -1.0
    assert sound.shape == (2, SECONDS * measures.RATE_HZ)


def test_nothing_clips_and_nothing_pulls_to_one_side(heard):
    _, _, sound = heard
    assert np.abs(sound).max() < 0.95
    assert measures.offset(sound) < 1e-3


def test_there_is_no_hole_in_it(heard):
    _, _, sound = heard
    assert measures.longest_silence_s(sound) < 2


def test_it_has_four_sections_that_differ(heard):
    score, _, sound = heard
    edges = [round(section.start_s * measures.RATE_HZ) for section in score.sections]
    parts = [sound[:, start:end] for start, end in zip(edges, [*edges[1:], sound.shape[1]], strict=True)]
    assert measures.distinct(parts) >= 4


def test_it_is_neither_noise_nor_a_beep(heard):
    _, _, sound = heard
    assert measures.flatness(sound) < 0.2
    notes = measures.chroma(sound)
    assert (notes > 0.05).sum() >= 4, "more than one note"
    assert 100 < measures.centroid_hz(sound) < 4_000
    assert measures.onsets_per_s(sound) > 0.05


def test_it_is_stereo_and_survives_mono(heard):
    _, _, sound = heard
    assert -30 < measures.width_db(sound) < 0


def test_it_ends_in_silence_and_begins_without_a_click(heard):
    _, _, sound = heard
    assert np.abs(sound[:, -44:]).max() < 10 ** (-50 / 20)
    assert np.abs(sound[:, :10]).max() < 0.05


def test_equal_seeds_are_bit_identical_and_others_differ(tmp_path):
    digests = []
    for number, seed in enumerate((1, 1, 2)):
        folder = tmp_path / str(number)
        folder.mkdir()
        _, performance = played("funk", 8, seed, folder)
        files = [performance.master, *(performance.stems[name] for name in sorted(performance.stems))]
        digests.append([hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files])
    assert digests[0] == digests[1]
    assert digests[0][0] != digests[2][0]
