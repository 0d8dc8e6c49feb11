"""Pictures from outside: decoded and encoded again, so that only pixels are kept, never metadata or something else."""

import io
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 84
# Decoders meet hostile files with many kinds of errors: each means that this is not a sound picture.
_DECODER_ERRORS = (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError)


class PictureError(ValueError):
    """The file is not a picture that we keep; the message says what to do instead."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = str(message)


def square_webp(file: IO[bytes], side: int = 512) -> bytes:
    """Return the middle of the picture as a WebP square of at most `side` pixels. Raises PictureError."""
    picture = _open(file, side)
    side = min(side, *picture.size)
    return _encode(ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS))


def contained_webp(file: IO[bytes], side: int = 512) -> bytes:
    """Return the whole picture as a WebP that fits in a square of `side` pixels. Raises PictureError."""
    picture = _open(file, side)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return _encode(picture)


def _open(file: IO[bytes], side: int) -> Image.Image:
    """Decode a picture of a known format whose header announces a bearable size, upright (EXIF orientation)."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PictureError(_("Choose a picture of at most 5 MB."))
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        is_bearable = picture.width * picture.height <= MAX_PIXELS
        if is_bearable:
            picture.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(picture)
            return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pass
    except _DECODER_ERRORS as error:
        raise PictureError(_("Choose a picture in the JPEG, PNG, WebP or GIF format.")) from error
    raise PictureError(_("This picture has too many pixels: choose a smaller one."))


def _encode(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.info.clear()
    picture.save(out, "WEBP", quality=_QUALITY, method=4)
    return out.getvalue()
