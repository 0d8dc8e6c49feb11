"""An application that believes the headers of the proxy in front of it, as applications behind oauth2-proxy do."""

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer


class Page(BaseHTTPRequestHandler):
    """Says what it was told."""

    def do_GET(self) -> None:
        """Answer every address with the headers about the person."""
        told = {name.lower(): value for name, value in self.headers.items() if name.lower().startswith("x-forwarded-")}
        body = f'<!doctype html><title>Peer</title><h1>Signed in</h1><pre id="told">{json.dumps(told)}</pre>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


HTTPServer(("127.0.0.1", int(os.environ["PEER_PORT"])), Page).serve_forever()
