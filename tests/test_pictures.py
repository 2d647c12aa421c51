"""Pictures are decoded and encoded anew; what is no picture, or too much of one, is refused."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from quiz.errors import Refusal
from quiz.pictures import LARGEST_KEPT, LONGEST_SIDE, PictureRefusal, encode


def file_of(picture: Image.Image, format_: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, format_, **options)
    return file.getvalue()


def refusal_of(content: bytes) -> object:
    with pytest.raises(Refusal) as refused:
        encode(content)
    return refused.value.reason


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_usual_formats_become_png_or_jpeg(format_: str):
    kept = encode(file_of(Image.new("RGB", (60, 40), "#8c1c1c"), format_))
    assert kept.media_type in ("image/png", "image/jpeg")
    assert (kept.width, kept.height) == (60, 40)


def test_the_same_picture_has_the_same_digest():
    content = file_of(Image.new("RGB", (60, 40), "#8c1c1c"), "PNG")
    assert encode(content) == encode(content)


def test_what_hides_in_the_file_is_gone():
    exif = Image.Exif()
    exif[0x010E] = "số điện thoại 0900000000"
    content = file_of(Image.new("RGB", (30, 30)), "JPEG", exif=exif) + b"PK\x03\x04 archive behind the end"
    kept = encode(content)
    assert b"0900000000" not in kept.content
    assert b"PK\x03\x04" not in kept.content


def test_a_large_photograph_is_made_small():
    noise = Image.effect_noise((2600, 1800), 80).convert("RGB")
    kept = encode(file_of(noise, "JPEG", quality=90))
    assert max(kept.width, kept.height) <= LONGEST_SIDE
    assert len(kept.content) <= LARGEST_KEPT


def test_see_through_stays_see_through():
    kept = encode(file_of(Image.new("RGBA", (20, 20), (140, 28, 28, 90)), "PNG"))
    assert kept.media_type == "image/png"
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert picture.mode == "RGBA"


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n" + b"0" * 50]
)
def test_what_is_no_picture(content: bytes):
    assert refusal_of(content) is PictureRefusal.NOT_A_PICTURE


def test_a_small_file_that_unfolds_to_gigabytes():
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    size = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0" * 9))
    assert refusal_of(content) is PictureRefusal.TOO_LARGE


@settings(deadline=None)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_damage_gives_a_picture_or_a_refusal(place: int, noise: bytes):
    good = file_of(Image.linear_gradient("L").resize((64, 64)), "PNG")
    broken = good[:place] + noise + good[place + len(noise) :]
    with suppress(Refusal):
        assert encode(broken).content
