"""``postventa bench widget``: what the widget weighs, and how long a phone on 3G works to show it, in a real Chromium.

The demo serves it to a page that has nothing but its line. The processor is slowed down and the line made slow by
Chromium itself. Times are medians of several visits. A task's length is its processor time, by Chromium's trace: what else the
machine does makes every task longer by the clock, and says nothing of the widget. By the clock the visit is shown that was
disturbed least.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from agent.errors import Misconfigured
from agent.widget.files import LAUNCHER, widget_files
from evals.browser_trace import traced
from evals.service_bench import served

KIB = 1024
MOST_WHOLE, MOST_LAUNCHER, LONG_TASK_MS = 25 * KIB, 3 * KIB, 50
SLOWER = 4
"""A phone of the middle class against this machine, as browsers' own tools have it."""
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
"""3G: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up."""
VISITS = 8
PAGE = '<!doctype html><html lang="es"><title>-</title><h1>-</h1><script type="module" src="/widget.js" data-key="pk_demo"></script>'
WATCH = """
const seen = new MutationObserver(() => {
    if (window.shown || !document.querySelector('postventa-widget')?.shadowRoot) return;
    requestAnimationFrame(() => requestAnimationFrame(() => { window.shown ??= performance.now() }));
});
seen.observe(document, { childList: true, subtree: true });
"""
OPEN = """() => new Promise((done) => {
    const root = document.querySelector('postventa-widget').shadowRoot, began = performance.now(), figures = { began };
    const look = () => {
        const box = root.querySelector('textarea');
        if (box && root.activeElement === box && !figures.usable) figures.usable = performance.now() - began;
        if (root.querySelector('article')) { figures.greeted = performance.now() - began; setTimeout(() => done(figures), 300) }
        else requestAnimationFrame(look);
    };
    root.querySelector('.launcher').click();
    look();
})"""
CARRIED = """() => performance.getEntriesByType('resource').filter((one) => /\\/widget(\\.js|\\/)/.test(one.name))
    .reduce((sum, one) => sum + one.encodedBodySize, 0)"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Bytes over the line before and after opening; milliseconds until shown, usable, greeted; the longest task of opening."""

    before: int
    whole: int
    shown: float
    usable: float
    greeted: float
    longest: float
    longest_by_clock: float


def run_widget_bench(address: str = "") -> int:
    """Print the figures; 1 when one of them is over what the widget may take. Without an address the demo is started."""
    return asyncio.run(_run(address.rstrip("/")))


async def _run(address: str) -> int:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise Misconfigured("there is no chromium on this machine (Debian: apt-get install chromium)")
    if address:
        return _tell(await _visits(chromium, address))
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder)) as (port, _, _):
            return _tell(await _visits(chromium, f"http://127.0.0.1:{port}"))


async def _visits(chromium: str, address: str) -> list[Visit]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        visits = [await _visit(browser, address) for _ in range(VISITS)]
        await browser.close()
        return visits


async def _visit(browser: Any, address: str) -> Visit:
    context = await browser.new_context(viewport={"width": 390, "height": 844}, has_touch=False)
    page = await context.new_page()
    await page.route("**/page", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    await page.add_init_script(WATCH)
    inside = await context.new_cdp_session(page)
    await inside.send("Network.enable")
    await inside.send("Network.emulateNetworkConditions", LINE)
    await inside.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(f"{address}/page")
    await page.wait_for_function("() => window.shown")
    before, shown = await page.evaluate(CARRIED), await page.evaluate("() => window.shown")
    async with traced(browser) as trace:
        opened: Mapping[str, float] = await page.evaluate(OPEN)
    tasks = trace.tasks_of("/widget/panel.js")
    visit = Visit(
        before=before,
        whole=await page.evaluate(CARRIED),
        shown=shown,
        usable=opened["usable"],
        greeted=opened["greeted"],
        longest=max(one.processor for one in tasks),
        longest_by_clock=max(one.wall for one in tasks),
    )
    await context.close()
    return visit


def _tell(visits: Sequence[Visit]) -> int:
    for name, file in widget_files().items():
        print(f"{name:24} {len(file.content):7,} bytes, {len(file.packed):6,} packed")
    packed = len(widget_files()[LAUNCHER].packed)
    middle = {name: statistics.median(getattr(one, name) for one in visits) for name in Visit.__slots__}
    print(f"\nover the line, {VISITS} visits (processor {SLOWER} times slower, 3G), medians:")
    print(f"before it is opened      {middle['before']:7,.0f} bytes (at most {MOST_LAUNCHER:,})")
    print(f"opened, in all           {middle['whole']:7,.0f} bytes (at most {MOST_WHOLE:,})")
    print(f"button shown after       {middle['shown']:7,.0f} ms")
    print(f"open: one can write after{middle['usable']:7,.0f} ms")
    print(f"open: greeted after      {middle['greeted']:7,.0f} ms")
    least, every = min(one.longest_by_clock for one in visits), ", ".join(f"{one.longest:,.0f}" for one in visits)
    print(
        f"open: the longest task   {middle['longest']:7,.0f} ms of processor time (at most {LONG_TASK_MS}; by visit: {every})"
    )
    print(f"  by the clock           {least:7,.0f} ms in the visit disturbed least")
    over = (
        packed > MOST_LAUNCHER
        or middle["before"] > MOST_LAUNCHER
        or middle["whole"] > MOST_WHOLE
        or middle["longest"] > LONG_TASK_MS
    )
    return 1 if over else 0
