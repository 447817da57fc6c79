"""Photos as they are kept: told by their content, drawn anew, and without what a camera writes beside the picture."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from agent.errors import Invalid

KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
LONGEST_SIDE = 2560
"""Pixels; what is larger is made smaller."""

MOST_PIXELS = 50_000_000
"""Some 200 MB when unpacked; a file of a few KB can claim far more."""

QUALITY = 88
UNREADABLE = "This is no photo that can be read: JPEG, PNG or WebP."


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture and its media type."""

    content: bytes
    kind: str


def clean_photo(content: bytes) -> Photo:
    """The picture itself, upright, first frame only; place, device, owner, preview and colour profile stay behind.

    Raises ``Invalid`` for what is not a JPEG, PNG or WebP, whatever its name says, and for what is broken or too large
    to unpack.
    """
    try:
        with Image.open(BytesIO(content), formats=tuple(KINDS)) as image:
            return _drawn_anew(image)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Invalid(UNREADABLE) from error


def _drawn_anew(image: Image.Image) -> Photo:
    form = str(image.format)
    if image.width * image.height > MOST_PIXELS:
        raise Invalid(f"A photo has at most {MOST_PIXELS:,} pixels.")
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = upright.convert("RGB" if form == "JPEG" or not upright.has_transparency_data else "RGBA")
    plain.info.clear()
    drawn = BytesIO()
    plain.save(drawn, form, quality=QUALITY)
    return Photo(drawn.getvalue(), KINDS[form])
