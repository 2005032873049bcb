"""Doubles of both services, and an engine at work.

Tests of models that run here need packages of several gigabytes. Without them they are not collected at all, also where
nothing may be skipped.
"""

from importlib.util import find_spec

import pytest
from factories.ace_step_or_elevenlabs import serving
from factories.ace_step_server import AceStepServer
from factories.elevenlabs_server import ElevenLabsServer

NEURAL = ("torch", "transformers", "diffusers", "torchsde")
collect_ignore = [] if all(find_spec(package) for package in NEURAL) else ["test_neural.py"]


@pytest.fixture
def ace_step_server():
    with serving(AceStepServer()) as server:
        yield server
        assert server.complaints == []


@pytest.fixture
def elevenlabs_server():
    with serving(ElevenLabsServer()) as server:
        yield server
        assert server.complaints == []
