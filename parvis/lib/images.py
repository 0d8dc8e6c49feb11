"""Pictures that people send: decoded, cut down, encoded again, so that nothing but their pixels is kept or served."""

from io import BytesIO
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

# Formats whose decoders we accept to expose; SVG is a document that can hold scripts, and is refused.
ACCEPTED = ("PNG", "JPEG", "WEBP", "GIF")
MAX_PIXELS = 40_000_000
"""A camera's picture fits; a "decompression bomb", small as a file and huge in memory, does not."""


_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""All that Pillow raises on a file that is broken or made to hurt."""


class UnreadableImageError(ValueError):
    """The file is not a picture that we accept, or is far too large."""


def square_photo(source: IO[bytes], *, side: int = 512) -> bytes:
    """Return the middle of a picture as a square WebP without metadata. Raises UnreadableImageError."""
    picture = ImageOps.fit(_decoded(source).convert("RGB"), (side, side), Image.Resampling.LANCZOS)
    return _encoded(picture, "WEBP", quality=85)


def fitted_logo(source: IO[bytes], *, side: int = 256) -> bytes:
    """Return the whole picture within a transparent square PNG without metadata. Raises UnreadableImageError."""
    picture = ImageOps.contain(_decoded(source).convert("RGBA"), (side, side), Image.Resampling.LANCZOS)
    canvas = Image.new("RGBA", (side, side))
    canvas.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return _encoded(canvas, "PNG", optimize=True)


def _decoded(source: IO[bytes]) -> Image.Image:
    """Return the first frame, upright: the size is checked before any pixel is decoded."""
    try:
        source.seek(0)
        picture = Image.open(source, formats=ACCEPTED)
        if picture.width * picture.height > MAX_PIXELS:
            raise UnreadableImageError
        picture.load()
        return ImageOps.exif_transpose(picture)
    except _UNREADABLE as error:
        raise UnreadableImageError from error


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Encode from the pixels alone: EXIF, colour profiles and comments stay behind."""
    picture.info.clear()
    stream = BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()
