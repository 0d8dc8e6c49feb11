"""What applications ask of a provider all day, as scenarios of the load generator.

Each workload prepares one connection's iterations: a function of the target, and of the browsers and applications that
this connection speaks for. Nothing is shared between connections, so none waits for another.
"""

import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlencode

from bench.load import Answer, Iteration, Scenario, UnexpectedAnswerError, drive
from bench.peers.base import REDIRECT_URI, Client, Target

OK = 200
REDIRECTS = {302, 303}
# RFC 7636: the pair of its appendix B. A real one is random; making one here would only cost the generator time.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
STATE = "kT3o9pQ1rS7uVwXyZ0aBcDeFgHiJkLmN"


@dataclass(frozen=True, slots=True)
class Share:
    """What one connection speaks for."""

    target: Target
    pairs: Sequence[tuple[str, Client]]
    """Browsers (their cookies) and the applications that they sign in to."""
    machines: Sequence[Client]


Workload = Callable[[Share], Iteration]


def shares(target: Target, connections: int) -> list[Share]:
    """Deal browsers and applications to connections, each to one only."""
    pairs = list(zip(target.cookies, cycle(target.web), strict=False))
    return [
        Share(target, pairs[number::connections], target.machine[number::connections] or target.machine)
        for number in range(connections)
    ]


# --- Requests ---------------------------------------------------------------------------------------------------------
def _get(target: Target, path: str, **headers: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\n{lines}\r\n".encode()


def _post(target: Target, endpoint: str, client: Client, **fields: str) -> bytes:
    body = urlencode(fields)
    return (
        f"POST {target.endpoints[endpoint]} HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\n"
        f"Authorization: {client.authorization}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _expect(answer: Answer, what: str, holds: bytes) -> None:
    if answer.status != OK or holds not in answer.body:
        raise UnexpectedAnswerError(f"{what}: {answer.status} {answer.body[:200]!r}")


def authorization(target: Target, client: Client, prompt: str = "") -> str:
    """Return the path of an authorization request."""
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": REDIRECT_URI,
        "scope": target.scope,
        "state": STATE,
        "nonce": STATE,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | ({"prompt": prompt} if prompt else {})
    return f"{target.endpoints['authorization_endpoint']}?{urlencode(query)}"


def _code(target: Target, cookie: str, client: Client) -> Generator[bytes, Answer, dict[str, str]]:
    """Ask for a code as a browser does, and exchange it as the application does; return the tokens."""
    answer = yield _get(target, authorization(target, client, target.silent), Cookie=cookie)
    _before, found, after = answer.head.partition(b"code=")
    if answer.status not in REDIRECTS or not found:
        raise UnexpectedAnswerError(f"authorize: {answer.status} {answer.head[:400]!r}")
    code = after.split(b"&", 1)[0].split(b"\r", 1)[0].decode()
    answer = yield _post(
        target,
        "token_endpoint",
        client,
        grant_type="authorization_code",
        code=code,
        redirect_uri=REDIRECT_URI,
        code_verifier=VERIFIER,
    )
    _expect(answer, "token", b'"id_token"')
    tokens: dict[str, str] = json.loads(answer.body)
    return tokens


# --- Workloads --------------------------------------------------------------------------------------------------------
def client_credentials(share: Share) -> Iteration:
    """A token for the application itself (RFC 6749, section 4.4)."""
    requests = cycle(
        [_post(share.target, "token_endpoint", client, grant_type="client_credentials") for client in share.machines]
    )

    def once() -> Scenario:
        _expect((yield next(requests)), "client_credentials", b'"access_token"')

    return once


def sign_in(share: Share) -> Iteration:
    """The round trip of a browser that is already signed in: authorize, token, userinfo."""
    pairs = cycle(share.pairs)
    path = share.target.endpoints["userinfo_endpoint"]

    def once() -> Scenario:
        tokens = yield from _code(share.target, *next(pairs))
        answer = yield _get(share.target, path, Authorization=f"Bearer {tokens['access_token']}")
        _expect(answer, "userinfo", b'"sub"')

    return once


def refresh(share: Share) -> Iteration:
    """A refresh token exchanged for new tokens, and for its successor."""
    clients = [client for _cookie, client in share.pairs]
    held = [_tokens(share, cookie, client)["refresh_token"] for cookie, client in share.pairs]
    turns = cycle(range(len(held)))

    def once() -> Scenario:
        turn = next(turns)
        fields = {"grant_type": "refresh_token", "refresh_token": held[turn]}
        answer = yield _post(share.target, "token_endpoint", clients[turn], **fields)
        _expect(answer, "refresh", b'"refresh_token"')
        held[turn] = json.loads(answer.body)["refresh_token"]

    return once


def userinfo(share: Share) -> Iteration:
    """The claims of the person whom an access token stands for."""
    path = share.target.endpoints["userinfo_endpoint"]
    requests = cycle(
        [
            _get(share.target, path, Authorization=f"Bearer {_tokens(share, cookie, client)['access_token']}")
            for cookie, client in share.pairs
        ]
    )

    def once() -> Scenario:
        _expect((yield next(requests)), "userinfo", b'"sub"')

    return once


def introspection(share: Share) -> Iteration:
    """Whether an access token is alive (RFC 7662)."""
    requests = cycle(
        [
            _post(share.target, "introspection_endpoint", client, token=_tokens(share, cookie, client)["access_token"])
            for cookie, client in share.pairs
        ]
    )

    def once() -> Scenario:
        answer = yield next(requests)
        _expect(answer, "introspection", b'"active"')
        if b"false" in answer.body[:40]:
            raise UnexpectedAnswerError(f"introspection: {answer.body[:200]!r}")

    return once


def discovery(share: Share) -> Iteration:
    """The provider's metadata, then its keys."""
    first, second = (_get(share.target, share.target.endpoints[name]) for name in ("discovery", "jwks_uri"))

    def once() -> Scenario:
        _expect((yield first), "discovery", b'"issuer"')
        _expect((yield second), "jwks", b'"keys"')

    return once


def _tokens(share: Share, cookie: str, client: Client) -> dict[str, str]:
    """Sign in once, before the measure."""
    got: list[dict[str, str]] = []

    def once() -> Scenario:
        got.append((yield from _code(share.target, cookie, client)))

    run = drive(("127.0.0.1", share.target.port), [once], 0)
    if not got:
        raise RuntimeError(f"Could not sign in: {dict(run.errors)}")
    return got[0]


WORKLOADS: dict[str, Workload] = {
    "client_credentials": client_credentials,
    "sign_in": sign_in,
    "refresh": refresh,
    "userinfo": userinfo,
    "introspection": introspection,
    "discovery": discovery,
}


def offered(target: Target, workload: str) -> bool:
    """Tell whether a provider has what a workload needs."""
    if workload == "client_credentials":
        return bool(target.machine)
    if workload == "introspection" and "introspection_endpoint" not in target.endpoints:
        return False
    return workload == "discovery" or bool(target.cookies)
