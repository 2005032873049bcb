"""The suite that any engine must pass: it passes a good one, and finds each fault in one that has it."""

import pytest
from factories import making
from factories.making import offered

from segue.engines.conformance import examine
from segue.engines.run import RenderLimits

LIMITS = RenderLimits(seconds_max=60, grace_s=0.5)


@pytest.mark.parametrize(
    ("engine", "broken"),
    [
        (making.Patient, set()),
        (
            making.Mute,
            {
                "tells how far it is",
                "has stems if it says so",
                "another seed is another piece",
                "stops when it is told to",
            },
        ),
        (making.Fickle, {"the same seed is the same piece"}),
        (making.Uneven, {"its stems are as long as the piece"}),
        (making.Deaf, {"stops when it is told to"}),
        (making.Monotonous, {"another seed is another piece", "stops when it is told to"}),
        (
            making.Short,
            {
                "keeps to the length",
                "tells how far it is",
                "has stems if it says so",
                "another seed is another piece",
                "stops when it is told to",
            },
        ),
        (
            making.Silent,
            {
                "is not silent",
                "does not clip",
                "tells how far it is",
                "has stems if it says so",
                "another seed is another piece",
                "stops when it is told to",
            },
        ),
        (making.Rubbish, {"makes a piece that is music"}),
        (making.Raising, {"makes a piece that is music"}),
        (making.Failing, {"makes a piece that is music"}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_each_fault_is_found_and_no_other(engine, broken, tmp_path):
    found = [finding async for finding in examine(offered(engine), tmp_path, LIMITS)]
    assert {finding.rule for finding in found if not finding.kept} == broken
