"""A small browser: it keeps cookies, follows its site's redirects and sends forms, to sign somebody in once."""

from collections.abc import Mapping
from html.parser import HTMLParser
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener


class _OwnSiteOnly(HTTPRedirectHandler):
    """Follows redirects inside a site, and stops at the one that leaves for the application."""

    def redirect_request(  # noqa: PLR0917 - the arguments are urllib's
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Forms(HTMLParser):
    """The forms of a page: where each posts, the names of its fields, and the values of those that are hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, set[str], dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of the last one."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), set(), {}))
        elif tag in {"input", "select", "textarea"} and self.found and given.get("name"):
            _action, names, hidden = self.found[-1]
            names.add(given["name"])
            if given.get("type") == "hidden":
                hidden[given["name"]] = given.get("value", "")


class Browser:
    """One browser on one site."""

    def __init__(self, site: str) -> None:
        self._jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._jar), _OwnSiteOnly)
        self._opener.addheaders = [("Accept", "text/html"), ("User-Agent", "bench")]
        self.address = site
        self.page = ""

    def go(self, address: str, data: Mapping[str, str] | None = None) -> None:
        """Open an address, or post to it."""
        body = None if data is None else urlencode(data).encode()
        request = Request(urljoin(self.address, address), data=body, headers={"Referer": self.address})  # noqa: S310 - a server of ours
        try:
            with self._opener.open(request, timeout=20) as answer:
                self.address, self.page = answer.url, answer.read().decode(errors="replace")
        except OSError as error:
            if getattr(error, "code", 0) // 100 != 3:  # noqa: PLR2004 - a redirect that left the site is an arrival
                raise

    def send(self, **fields: str) -> None:
        """Fill the page's form that has these fields, and send it."""
        forms = _Forms()
        forms.feed(self.page)
        for action, names, hidden in forms.found:
            if fields.keys() <= names:
                self.go(action or self.address, hidden | fields)
                return
        raise RuntimeError(f"No form for {', '.join(fields)} at {self.address}:\n{self.page[:3000]}")

    @property
    def cookies(self) -> str:
        """The Cookie header for the site's root."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar if cookie.path == "/")
