"""The program and the browser, as a person has them."""

import pytest
from conftest import needs
from factories.program import Program
from playwright.async_api import async_playwright

# Without these flags Chromium looks up hosts of its maker at every start.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def program(tmp_path):
    made = Program(tmp_path / "data")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.kill()


@pytest.fixture
async def chromium():
    path = needs("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        await browser.close()
