"""The WSGI entry point: Django's application."""

import os

from django.core.wsgi import get_wsgi_application

from parvis.web import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
logs.configure()
application = get_wsgi_application()
