"""Photos of people, for those who are signed in; logos of organisations, for everyone.

Names are random and change with the file, so that browsers may keep it. A photo's type is always ours: it was encoded
by `parvis.lib.images`.
"""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

TYPES = {"webp": "image/webp", "png": "image/png"}
FOREVER = "max-age=31536000, immutable"
LONGEST = 100
"""Characters of a path; beyond 255 a file system fails instead of saying that there is no such file."""


@require_safe
def photo(_request: HttpRequest, name: str, ending: str) -> FileResponse:
    """Return a person's photo."""
    return _file(f"photos/{name}.{ending}", ending, f"private, {FOREVER}")


@login_not_required
@require_safe
def logo(_request: HttpRequest, name: str, ending: str) -> FileResponse:
    """Return an organisation's logo."""
    return _file(f"logos/{name}.{ending}", ending, f"public, {FOREVER}")


def _file(path: str, ending: str, cache: str) -> FileResponse:
    if ending not in TYPES or len(path) > LONGEST:
        raise Http404
    try:
        response = FileResponse(default_storage.open(path), content_type=TYPES[ending])
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = cache
    return response
