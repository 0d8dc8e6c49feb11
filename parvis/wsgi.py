"""The WSGI entry point: the OpenID provider's endpoints for programs, and Django behind them."""

import os

import django
from django.urls import get_resolver

from parvis.web import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
logs.configure()
django.setup(set_prefix=False)
# Every page and its imports are found now: a broken one fails the start, and the first visitor does not wait.
get_resolver().url_patterns  # noqa: B018 - reading it loads them

from parvis.oidc.wsgi import ProtocolFront  # noqa: E402 - models are there only once Django has started
from parvis.web.wsgi import Handler  # noqa: E402 - its middleware too

application = ProtocolFront(Handler())
