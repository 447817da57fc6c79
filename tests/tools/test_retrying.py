import asyncio

import pytest
from tenacity import wait_fixed

from tools.retrying import Retry
from tools.shop.errors import NotPossible, ShopUnavailable


def slept() -> tuple[list[float], Retry]:
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)

    return naps, Retry(attempts=3, wait=wait_fixed(0.5), sleep=sleep)


async def test_silence_is_asked_again_after_a_wait_and_a_bounded_number_of_times() -> None:
    naps, retry = slept()
    asked = []

    async def silent() -> None:
        asked.append(1)
        raise ShopUnavailable("down")

    with pytest.raises(ShopUnavailable, match="down"):
        await retry.ask(silent)
    assert (len(asked), naps) == (3, [0.5, 0.5])


async def test_a_no_is_not_asked_again() -> None:
    naps, retry = slept()

    async def refuse() -> None:
        raise NotPossible("out_of_stock")

    with pytest.raises(NotPossible):
        await retry.ask(refuse)
    assert naps == []


async def test_an_answer_that_does_not_come_counts_as_silence() -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    with pytest.raises(ShopUnavailable, match="timeout"):
        await Retry(timeout=0.001).once(never)
