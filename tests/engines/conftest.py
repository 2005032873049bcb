import sys
from pathlib import Path

import pytest
from factories.server import served

__all__ = ["served"]


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """A folder on the path. What is imported from it is forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name, module in list(sys.modules.items()):
        if Path(getattr(module, "__file__", None) or "/").is_relative_to(tmp_path):
            del sys.modules[name]
