"""Photos: told by their content, kept without what the camera wrote, seen by who may, gone with the conversation."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from agent.casework.attachments import MOST_BYTES, MOST_PHOTOS

MAKER, PLACE = 0x010F, 0x8825
OWNER = "Lucía's own phone"


def photo(form: str = "JPEG", size: tuple[int, int] = (40, 20)) -> bytes:
    """A picture with everything in it that has no business at a shop."""
    image = Image.new("RGB", size, "teal")
    exif = Image.Exif()
    exif[MAKER] = OWNER
    exif[0x0112] = 6
    exif.get_ifd(PLACE).update({1: "N", 2: (19.0, 25.0, 42.0)})
    drawn = BytesIO()
    image.save(drawn, form, exif=exif, **({"comment": OWNER} if form == "JPEG" else {}))
    return drawn.getvalue()


async def send(house: Any, talk: Any, content: bytes, kind: str = "image/jpeg", **headers: str) -> Any:
    return await house.client.post(
        f"{talk.path}/attachments", content=content, headers={**talk.headers, "Content-Type": kind, **headers}
    )


@pytest.mark.parametrize(("form", "kind", "suffix"), [("JPEG", "image/jpeg", "jpg"), ("PNG", "image/png", "png"), ("WEBP", "image/webp", "webp")])  # fmt: skip
async def test_a_photo_is_kept_upright_and_without_what_the_camera_wrote(
    house: Any, form: str, kind: str, suffix: str
) -> None:
    talk = await house.open()
    sent = await send(house, talk, photo(form), kind)
    assert sent.status_code == 201
    told = sent.json()
    assert told["type"] == kind
    assert told["name"].endswith(f".{suffix}")
    got = await house.client.get(told["url"], headers=talk.headers)
    assert (got.status_code, got.headers["content-type"], len(got.content)) == (200, kind, told["bytes"])
    kept = Image.open(BytesIO(got.content))
    assert (kept.format, kept.size) == (form, (20, 40))
    assert not kept.getexif()
    assert OWNER.encode() not in got.content
    assert b"Exif" not in got.content


async def test_a_photo_is_saved_by_a_browser_and_never_shown_as_a_page(house: Any) -> None:
    talk = await house.open()
    told = (await send(house, talk, photo())).json()
    headers = (await house.client.get(told["url"], headers=talk.headers)).headers
    assert headers["content-disposition"] == f'attachment; filename="{told["name"]}"'
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PHOTOS = {
    "nothing": b"",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a drawing with a script": SVG,
    "only the beginning of a photo": photo()[:200],
    "another kind of picture": b"GIF89a" + b"\x01\x00\x01\x00\x00\x00\x00;",
    "a photo's first bytes before a page": b"\xff\xd8\xff\xe0" + SVG,
}


@pytest.mark.parametrize("content", NO_PHOTOS.values(), ids=NO_PHOTOS)
async def test_what_is_no_photo_is_refused_whatever_it_is_called(house: Any, content: bytes) -> None:
    talk = await house.open()
    assert (await send(house, talk, content)).status_code == 422
    assert (await send(house, talk, photo(), "image/svg+xml")).status_code == 422
    assert (await house.client.get(f"{talk.path}/attachments", headers=talk.headers)).json() == {"attachments": []}


async def test_code_behind_a_picture_does_not_survive(house: Any) -> None:
    talk = await house.open()
    told = (await send(house, talk, photo() + SVG)).json()
    assert b"script" not in (await house.client.get(told["url"], headers=talk.headers)).content


async def test_a_small_file_that_claims_to_be_huge_is_refused(house: Any) -> None:
    talk = await house.open()
    drawn = BytesIO()
    Image.new("1", (9000, 9000)).save(drawn, "PNG")
    assert len(drawn.getvalue()) < 100_000
    assert (await send(house, talk, drawn.getvalue(), "image/png")).status_code == 422


async def test_a_photo_has_at_most_8_mib_and_nothing_else_has(house: Any) -> None:
    talk = await house.open()
    whole = photo()
    filled = whole + b"\0" * (MOST_BYTES - len(whole))
    assert (await send(house, talk, filled)).status_code == 201
    assert (await send(house, talk, filled + b"\0")).status_code == 413
    elsewhere = await house.client.post(f"{talk.path}/messages", content=filled, headers=talk.headers)
    assert elsewhere.status_code == 413


async def test_a_large_photo_is_made_smaller(house: Any) -> None:
    talk = await house.open()
    told = (await send(house, talk, photo(size=(4000, 1000)))).json()
    kept = Image.open(BytesIO((await house.client.get(told["url"], headers=talk.headers)).content))
    assert max(kept.size) <= 2560


async def test_only_its_shopper_and_the_shops_people_see_a_photo(house: Any) -> None:
    talk, other = await house.open(), await house.open()
    url = (await send(house, talk, photo())).json()["url"]
    allowed = (talk.headers, {"Authorization": "Bearer dk_test"}, {"Authorization": "Bearer sk_test"})
    refused = (
        other.headers,
        {"Authorization": "Bearer pk_test"},
        {"Authorization": "Bearer dk_other"},
        {"Authorization": "Bearer sk_other"},
    )
    for path in (url, f"{talk.path}/attachments"):
        for headers in allowed:
            assert (await house.client.get(path, headers=headers)).status_code == 200
        for headers in refused:
            assert (await house.client.get(path, headers=headers)).status_code == 404
        assert (await house.client.get(path)).status_code == 401
    stranger = await house.client.get(url.replace(talk.path, other.path), headers=other.headers)
    assert stranger.status_code == 404


@pytest.mark.parametrize("name", ["..%2f..%2fpostventa.db", "%2e%2e", "att_unknown.jpg", "x" * 101])
async def test_no_other_file_can_be_named(house: Any, name: str) -> None:
    talk = await house.open()
    answer = await house.client.get(f"{talk.path}/attachments/{name}", headers=talk.headers)
    assert answer.status_code in {404, 422}


async def test_photos_are_in_the_history_and_the_transcript_and_go_with_the_conversation(house: Any) -> None:
    talk = await house.open()
    told = (await send(house, talk, photo())).json()
    history = (await house.client.get(f"{talk.path}/messages", headers=talk.headers)).json()
    assert history["attachments"] == [told]
    for form in ("json", "md", "html"):
        assert (
            told["name"] in (await house.client.get(f"{talk.path}/transcript?format={form}", headers=talk.headers)).text
        )
    assert (await house.client.delete(talk.path, headers=talk.headers)).status_code == 204
    assert (await house.client.get(told["url"], headers=talk.headers)).status_code == 404
    assert (await house.client.get(told["url"], headers={"Authorization": "Bearer dk_test"})).status_code == 404


async def test_sent_twice_with_one_key_it_is_kept_once_and_there_are_at_most_ten(house: Any) -> None:
    talk = await house.open()
    first = await send(house, talk, photo(), **{"Idempotency-Key": "one"})
    again = await send(house, talk, photo(), **{"Idempotency-Key": "one"})
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    for _ in range(MOST_PHOTOS - 1):
        assert (await send(house, talk, photo())).status_code == 201
    assert (await send(house, talk, photo())).status_code == 409
