import pytest

from agent.console.passwords import USUAL, Cost, check_password, hash_password

CHEAP = Cost(n=2, r=8, p=1)


async def test_a_password_is_known_by_its_hash_and_no_other() -> None:
    digest = await hash_password("clave con ñ y 🔑", CHEAP)
    assert await check_password("clave con ñ y 🔑", digest)
    for wrong in ("clave con n y 🔑", "", "clave con ñ y 🔑 "):
        assert not await check_password(wrong, digest)


async def test_the_same_password_never_hashes_alike() -> None:
    assert await hash_password("una clave", CHEAP) != await hash_password("una clave", CHEAP)


async def test_an_older_hash_stays_good_when_the_cost_rises() -> None:
    assert await check_password("una clave", await hash_password("una clave", Cost(n=4, r=8, p=1)))


async def test_the_usual_cost_is_32_mebibytes_three_times_over() -> None:
    assert USUAL.n * USUAL.r * 128 == 32 * 2**20
    assert USUAL.p == 3
    assert await check_password("una clave", await hash_password("una clave"))


@pytest.mark.parametrize("digest", ["", "plain$a", "md5$2$8$1$YQ==$YQ=="])
async def test_a_digest_of_another_kind_is_refused(digest: str) -> None:
    with pytest.raises(ValueError):
        await check_password("una clave", digest)
