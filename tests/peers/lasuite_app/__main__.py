"""Serve the application: `python -m lasuite_app PORT`."""

import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django


class Server(ThreadingMixIn, WSGIServer):
    """Answers several requests at once: a browser opens more than one connection."""

    daemon_threads = True


def main() -> None:
    """Make the tables, then serve until the process is ended."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "lasuite_app.settings"
    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", run_syncdb=True, verbosity=0)
    make_server("127.0.0.1", int(sys.argv[1]), get_wsgi_application(), server_class=Server).serve_forever()


main()
