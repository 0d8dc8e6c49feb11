"""Settings of the tests: the product's own, in an environment that no developer's variable reaches."""

import os
import tempfile
from pathlib import Path

for _name in [name for name in os.environ if name.startswith("PARVIS_") and not name.startswith("PARVIS_TEST_")]:
    del os.environ[_name]
# One folder for each test process, so that parallel processes never meet.
_folder = tempfile.TemporaryDirectory(prefix="parvis-tests-")
os.environ |= {
    "PARVIS_DATA_DIR": _folder.name,
    "PARVIS_SECRET_KEY": "only-for-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "PARVIS_DATABASE_URL": os.environ.get("PARVIS_TEST_DATABASE_URL", ""),
    "PARVIS_LANGUAGE": "en",
}

from parvis.settings import *  # noqa: E402, F403 - the environment comes first; a settings module is a bag of names
from parvis.settings import DATABASES, MEDIA_ROOT, STATIC_ROOT, TEMPLATES  # noqa: E402 - the same
from tests.undefined_variables import UndefinedVariable  # noqa: E402 - the same

for _directory in (MEDIA_ROOT, STATIC_ROOT):
    Path(_directory).mkdir(parents=True, exist_ok=True)
# A template that names a variable nobody gave fails the test instead of showing a hole.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()  # type: ignore[index]  # Settings are plain objects.
# Pages are tested without collecting and hashing static files first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # Connections of finished threads do not outlive their test.
if DATABASES["default"]["ENGINE"] == "parvis.lib.sqlite":
    # In memory. Test processes get the same name with a suffix each, which ends up in a parameter that says nothing.
    DATABASES["default"]["TEST"] = {"NAME": "file:tests?mode=memory&cache=shared&process="}
