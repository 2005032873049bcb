import pytest


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request, tmp_path) -> str:
    """The URL of a database with nothing in it, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'segue.db'}"
    url: str = await request.getfixturevalue("new_database")()
    return url
