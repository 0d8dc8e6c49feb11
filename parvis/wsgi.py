"""The WSGI entry point: Django's application."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from parvis.web import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
logs.configure()
application = get_wsgi_application()
# Every page and its imports are found now: a broken one fails the start, and the first visitor does not wait.
get_resolver().url_patterns  # noqa: B018 - reading it loads them

