"""The reference in a real browser: on a phone and on a screen, by day and by night, with the keyboard alone."""

import pytest
from factories.server import serving


@pytest.fixture
async def pages(tmp_path, chromium):
    """Opens the page and says what the browser complained of."""
    complaints = []

    async def opened(width, height, **more):
        context = await chromium.new_context(viewport={"width": width, "height": height}, **more)
        page = await context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        await page.goto(f"{server.url}/docs")
        return page

    async with serving(tmp_path) as server:
        yield opened
    assert not complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
async def test_it_fits_without_a_script(pages, width, height, scheme):
    page = await pages(width, height, color_scheme=scheme, java_script_enabled=False)
    assert await page.title() == "Segue API 0.1.0"
    wide = await page.locator("body").bounding_box()
    assert wide["width"] <= width
    call = page.locator("#resolve_share")
    assert "/v1/music/shared/{token}" in await call.locator(".line").inner_text()
    assert "curl" in await call.locator("pre").first.inner_text()


async def test_nothing_sticks_out_of_a_phone(pages):
    page = await pages(390, 844)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_the_keyboard_is_enough(pages):
    page = await pages(390, 844)
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to the calls"
    group = page.locator("nav details").first
    await group.locator("summary").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert await page.evaluate("location.hash.slice(1)") in await page.content()
    target = page.locator(f"#{await page.evaluate('location.hash.slice(1)')}")
    assert 0 <= (await target.bounding_box())["y"] < 844
