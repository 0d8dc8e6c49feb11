"""A server of an application's on this machine, which answers with one document."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Document:
    """What is answered, and how often it was asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.times = 0
        self.url = ""


@contextmanager
def served(text: str) -> Iterator[Document]:
    """Serve a document; its text may be changed meanwhile."""
    document = Document(text)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            document.times += 1
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(document.text.encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    document.url = f"http://127.0.0.1:{server.server_port}/document.json"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield document
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
