import time

import pytest
from conftest import created


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request, tmp_path) -> str:
    """The URL of a database with nothing in it, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'segue.db'}"
    server = request.getfixturevalue("postgres")
    name = f"t{time.monotonic_ns()}"
    await created(server, name)
    return server(name)
