"""Pictures: what people upload is decoded, made small, and encoded anew; nothing of the file itself is kept.

Encoding anew drops whatever hides in a picture file (scripts in SVG, places in EXIF, archives behind the end).
"""

from __future__ import annotations

import enum
import hashlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from PIL import Image as Pillow

from quiz.errors import Refusal, explain

MOST_BYTES = 10 * 1024 * 1024  # of the file as uploaded
MOST_PIXELS = 40_000_000  # decoded, 120 MB; phones make 12 million
MOST_PIXELS_OF_FILE = 2_000_000_000  # all pictures of an upload: 170 photographs of a phone, a minute of work
LONGEST_SIDE = 1600  # pixels, as kept
LARGEST_KEPT = 400 * 1024  # bytes
# what Pillow's decoders raise for damaged files
_DAMAGES = (OSError, ValueError, SyntaxError, MemoryError, EOFError, IndexError, TypeError, ArithmeticError)
_READ = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")

StorePicture = Callable[[bytes], str]  # keeps a picture, gives its digest; raises Refusal(PictureRefusal)


class PictureRefusal(enum.Enum):
    NOT_A_PICTURE = "not_a_picture"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"


explain(
    {
        PictureRefusal.NOT_A_PICTURE: _l("không đọc được như một hình PNG, JPEG, GIF, WebP, BMP hoặc TIFF. Hãy lưu hình thành PNG hoặc JPEG rồi thử lại."),
        PictureRefusal.TOO_LARGE: _l("hình quá lớn. Hãy thu nhỏ còn dưới 10 MB và 40 triệu điểm ảnh rồi thử lại."),
        PictureRefusal.TOO_MANY: _l("các hình của tệp cộng lại quá lớn. Hãy thu nhỏ hình, hoặc chia thành nhiều tệp rồi tải lần lượt."),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as we keep it.  digest: SHA-256 of content, in hex."""

    digest: str
    media_type: str
    width: int
    height: int
    content: bytes


def encode(content: bytes) -> Encoded:
    """Decode a picture and encode it anew, no side above 1600 pixels and at most 400 KB.  Raises Refusal(PictureRefusal)."""
    if len(content) > MOST_BYTES:
        raise Refusal(PictureRefusal.TOO_LARGE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            with Pillow.open(io.BytesIO(content), formats=_READ) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Refusal(PictureRefusal.TOO_LARGE)
                picture.load()
                return _encode(picture)
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise Refusal(PictureRefusal.TOO_LARGE) from error
    except _DAMAGES as error:
        raise Refusal(PictureRefusal.NOT_A_PICTURE) from error


class PicturesOfFile:
    """Encodes the pictures of one upload, each once however often it is shown.  encoded: by digest."""

    def __init__(self) -> None:
        self.encoded: dict[str, Encoded] = {}
        self._digests: dict[bytes, str] = {}  # content as uploaded → digest
        self._left = MOST_PIXELS_OF_FILE

    def keep(self, content: bytes) -> str:
        """Encode a picture and give its digest.  Raises Refusal(PictureRefusal)."""
        if content not in self._digests:
            self._left -= _pixels(content)
            if self._left < 0:
                raise Refusal(PictureRefusal.TOO_MANY)
            encoded = encode(content)
            self.encoded[encoded.digest] = encoded
            self._digests[content] = encoded.digest
        return self._digests[content]


def _pixels(content: bytes) -> int:
    """How many points a picture says it has; 0 for what is none, which costs nothing to refuse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
        try:
            with Pillow.open(io.BytesIO(content), formats=_READ) as picture:
                return min(picture.width * picture.height, MOST_PIXELS)
        except (Pillow.DecompressionBombError, *_DAMAGES):
            return 0


def _encode(picture: Pillow.Image) -> Encoded:
    see_through = picture.has_transparency_data
    plain = picture.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # in place: a copy of the whole would take as much memory again
    side = LONGEST_SIDE
    while True:
        small = plain.copy()
        small.thumbnail((side, side))
        png, jpeg = _bytes_of(small, "PNG"), b"" if see_through else _bytes_of(small, "JPEG")
        # drawings and screenshots are small and sharp as PNG, photographs as JPEG
        content, media_type = (jpeg, "image/jpeg") if jpeg and len(jpeg) < len(png) / 2 else (png, "image/png")
        if len(content) <= LARGEST_KEPT or side <= 200:
            return Encoded(hashlib.sha256(content).hexdigest(), media_type, small.width, small.height, content)
        side = side * 3 // 4


def _bytes_of(picture: Pillow.Image, format_: str) -> bytes:
    file = io.BytesIO()
    options = {"quality": 82, "optimize": True} if format_ == "JPEG" else {"optimize": True}
    picture.save(file, format_, **options)
    return file.getvalue()
