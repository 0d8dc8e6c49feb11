"""Registers applications in an installation, and writes what the OpenID Foundation's own suite needs to test it.

    python -m tests.conformance.official --suite https://localhost.emobix.co.uk:8443 --out conformance

The applications are on trial, so the suite's browser signs in by choosing a fictional person: no code is read from a
mail, and nothing in the product knows that it is being tested. See docs/how-to/conformance.md.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, RSAKey

ALIAS = "parvis"
PERSON = "camille.roux/prefecture-estuaire"
CHOOSE = ["click", "xpath", f"//button[@value='{PERSON}']"]
REFUSE = ["click", "xpath", "//button[@value='refuse']"]
# The words of our pages that the suite looks for before it keeps a picture of them.
CANNOT_GO_ON, CHOICE = "This sign-in cannot go on", "Sign in as a fictional person"
NO_LOGOUT, LOGGED_OUT = "We cannot sign you out this way", "You are signed out"
PAGES_OF_REFUSAL = (
    "oidcc-ensure-registered-redirect-uri",
    "oidcc-ensure-redirect-uri-in-authorization-request",
    "oidcc-redirect-uri-query-added",
    "oidcc-redirect-uri-query-mismatch",
    "fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client",
)
PAGES_OF_CHOICE = {
    "oidcc-registration-logo-uri": "Its logo",
    "oidcc-registration-policy-uri": "What it does with your data",
    "oidcc-registration-tos-uri": "Its terms of use",
}
# The page is opened, nothing is chosen, and the same address is opened again.
ONLY_SEEN_AT_FIRST = "fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds"
PAGES_TWICE = ("oidcc-prompt-login", "oidcc-max-age-1")
RP_LOGOUT = "oidcc-rp-initiated-logout"
PAGES_OF_LOGOUT = {
    f"{RP_LOGOUT}-bad-post-logout-redirect-uri": NO_LOGOUT,
    f"{RP_LOGOUT}-query-added-to-post-logout-redirect-uri": NO_LOGOUT,
    f"{RP_LOGOUT}-modified-id-token-hint": NO_LOGOUT,
    f"{RP_LOGOUT}-bad-id-token-hint": NO_LOGOUT,
    f"{RP_LOGOUT}-no-id-token-hint": NO_LOGOUT,
    f"{RP_LOGOUT}-no-params": LOGGED_OUT,
    f"{RP_LOGOUT}-no-post-logout-redirect-uri": LOGGED_OUT,
    f"{RP_LOGOUT}-only-state": LOGGED_OUT,
}
STATIC = "[server_metadata=discovery][client_registration=static_client]"
DYNAMIC = "[server_metadata=discovery][client_registration=dynamic_client]"
LOGOUT = "[client_registration=static_client][response_type=code]"
FAPI = "[client_auth_type=private_key_jwt][sender_constrain=dpop][openid=openid_connect][fapi_profile=plain_fapi]"
PLANS = {
    "basic": f"oidcc-basic-certification-test-plan{STATIC}",
    "basic-dynamic": f"oidcc-basic-certification-test-plan{DYNAMIC}",
    "config": "oidcc-config-certification-test-plan",
    "formpost": f"oidcc-formpost-basic-certification-test-plan{STATIC}",
    "formpost-dynamic": f"oidcc-formpost-basic-certification-test-plan{DYNAMIC}",
    "dynamic": "oidcc-dynamic-certification-test-plan[response_type=code]",
    "rp-logout": f"oidcc-rp-initiated-logout-certification-test-plan{LOGOUT}",
    "back-channel": f"oidcc-backchannel-rp-initiated-logout-certification-test-plan{LOGOUT}",
    "front-channel": f"oidcc-frontchannel-rp-initiated-logout-certification-test-plan{LOGOUT}",
    "fapi2": f"fapi2-security-profile-final-test-plan{FAPI}",
    "fapi2-message-signing": "fapi2-message-signing-final-test-plan"
    f"{FAPI}[fapi_request_method=signed_non_repudiation][fapi_response_mode=jarm]",
}


def parvis(*words: str) -> Any:
    """Run a command of the product that prints JSON."""
    command = [sys.executable, "-m", "parvis", *words, "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


class Suite:
    """The official suite as an application: its addresses, and the applications that stand for it."""

    def __init__(self, base: str, folder: Path) -> None:
        self.callback = f"{base}/test/a/{ALIAS}/callback"
        self.base, self.folder = f"{base}/test/a/{ALIAS}", folder
        self.issuer = ""

    def application(self, name: str, *options: str, redirect_uri: str = "") -> dict[str, Any]:
        """Register an application on trial."""
        words = ["app", "create", "--name", f"Conformance {name}", "--sandbox", "--trusted"]
        words += ["--redirect-uri", redirect_uri or self.callback]
        words += ["--post-logout-redirect-uri", f"{self.base}/post_logout_redirect", *options]
        told: dict[str, Any] = parvis(*words)
        self.issuer = told["issuer"]
        return told

    def with_secret(self, name: str, *options: str) -> dict[str, str]:
        """Register an application with a secret, as the suite wants to read it."""
        told = self.application(name, *options)
        return {"client_id": told["client_id"], "client_secret": told["client_secret"]}

    def with_key(self, name: str, key: RSAKey | ECKey, redirect_uri: str, profile: str) -> dict[str, Any]:
        """Register a FAPI application with a key, whose private part only the suite has."""
        public = self.folder / f"{name}.public.json"
        public.write_text(json.dumps({"keys": [key.as_dict(private=False)]}), encoding="utf-8")
        options = ["--profile", profile, "--jwks", str(public), "--id-token-alg", "PS256"]
        told = self.application(name, *options, redirect_uri=redirect_uri)
        jwks = {"keys": [key.as_dict(private=True)]}
        return {"client_id": told["client_id"], "scope": "openid email", "jwks": jwks, "dpop_signing_alg": "ES256"}

    def to_come(self, name: str) -> dict[str, str]:
        """Return the token with which the suite registers applications itself, as many as its modules need."""
        words = ["app", "registration-token", "--name", f"Conformance {name}", "--uses", "200", "--days", "30"]
        # `phone` is one of those that an operator grants.
        words += ["--scope", "openid profile email phone offline_access"]
        told = parvis(*words, "--sandbox", "--accept-endpoint-audience")
        return {"client_name": f"Conformance {name}", "initial_access_token": told["registration_token"]}

    # --- The suite's browser ------------------------------------------------------------------------------------------
    def task(self, name: str, *commands: list[Any], at: str = "/oidc/authorize", optional: bool = False) -> Any:
        """Return what the browser does on one of our pages."""
        told = {"task": name, "match": f"{self.issuer}{at}*", "commands": list(commands)}
        return told | ({"optional": True} if optional else {})

    def browser(self) -> list[Any]:
        """Return what the browser does by default: choose somebody once, and be led back."""
        done = {
            "task": "Verify complete",
            "match": "*/callback*",
            "commands": [["wait", "id", "submission_complete", 10]],
        }
        choose = self.task("Choose a fictional person", [*CHOOSE, "optional"], optional=True)
        back = ["wait", "contains", "/post_logout_redirect", 10]
        out = {"task": "Signed out", "match": "*", "commands": [back]}
        return [
            {"match": f"{self.issuer}/oidc/authorize*", "tasks": [choose, done]},
            {"match": f"{self.issuer}/oidc/logout*", "tasks": [out]},
        ]

    def overrides(self) -> dict[str, Any]:
        """Return what it does in the modules that want to see a page."""
        found: dict[str, Any] = {}
        for name in PAGES_OF_REFUSAL:
            found[name] = self._see(CANNOT_GO_ON)
        for name, words in PAGES_OF_CHOICE.items():
            found[name] = self._see(words)
        for name, words in PAGES_OF_LOGOUT.items():
            found[name] = self._see(words, "/oidc/logout", first=self.browser()[0])
        for name in PAGES_TWICE:
            seen = ["wait", "xpath", "//*", 10, CHOICE, "update-image-placeholder-optional"]
            again = self.task("Choose again", seen, [*CHOOSE, "optional"], optional=True)
            found[name] = {"browser": [{"match": f"{self.issuer}/oidc/authorize*", "tasks": [again, *self._done()]}]}
        only_seen = {"match": f"{self.issuer}/oidc/authorize*", "match-limit": 1, "tasks": []}
        found[ONLY_SEEN_AT_FIRST] = {"browser": [only_seen, *self.browser()]}
        refuse = {"match": f"{self.issuer}/oidc/authorize*", "tasks": [self.task("Refuse", REFUSE), *self._done()]}
        found["fapi2-security-profile-final-user-rejects-authentication"] = {"browser": [refuse]}
        return found

    def _done(self) -> list[Any]:
        return [self.browser()[0]["tasks"][1]]

    def _see(self, words: str, at: str = "/oidc/authorize", first: Any = None) -> dict[str, Any]:
        wait = ["wait", "xpath", "//*", 10, words, "update-image-placeholder"]
        page = {"match": f"{self.issuer}{at}*", "tasks": [self.task("See the page", wait, at="/oidc/")]}
        return {"browser": [*([first] if first else []), page]}

    def write(self, name: str, **clients: Any) -> None:
        """Write the configuration of one plan."""
        discovery = f"{self.issuer}/.well-known/openid-configuration"
        server = {"discoveryUrl": discovery, "login_hint": "camille.roux@sandbox.example", "ui_locales": "en fr"}
        told = {
            "alias": ALIAS,
            "description": f"Parvis: {name}",
            "server": server | {"jwks_refresh_delay": 25},
            **clients,
        }
        told |= {"browser": self.browser(), "override": self.overrides()}
        (self.folder / f"{name}.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Register everything and write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suite", default="https://localhost.emobix.co.uk:8443", help="address of the official suite")
    parser.add_argument("--out", type=Path, default=Path("conformance"), help="folder for the configurations")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    write_all(Suite(given.suite, given.out))
    runs = [f"scripts/run-test-plan.py {plan} {name}.json" for name, plan in PLANS.items()]
    (given.out / "run.txt").write_text("\n".join(runs) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(PLANS)} configurations are in {given.out}; run.txt says how to run them.\n")


def write_all(suite: Suite) -> None:
    """Write one configuration for each plan."""
    basic = {
        "client": suite.with_secret("basic one", "--auth-method", "client_secret_basic"),
        "client2": suite.with_secret("basic two", "--auth-method", "client_secret_basic"),
        "client_secret_post": suite.with_secret("post", "--auth-method", "client_secret_post"),
    }
    for name in ("basic", "config", "formpost"):
        suite.write(name, **basic)
    for name in ("dynamic", "basic-dynamic", "formpost-dynamic"):
        suite.write(name, client=suite.to_come(f"{name} one"), client2=suite.to_come(f"{name} two"))
    out = {
        "rp-logout": (),
        "back-channel": ("--backchannel-logout-uri", f"{suite.base}/backchannel_logout"),
        "front-channel": ("--frontchannel-logout-uri", f"{suite.base}/frontchannel_logout"),
    }
    for name, options in out.items():
        suite.write(name, client=suite.with_secret(name, "--auth-method", "client_secret_basic", *options))
    second = f"{suite.callback}?dummy1=lorem&dummy2=ipsum"
    for name in ("fapi2", "fapi2-message-signing"):
        rsa = RSAKey.generate_key(2048, {"alg": "PS256", "use": "sig"}, auto_kid=True)
        curve = ECKey.generate_key("P-256", {"alg": "ES256", "use": "sig"}, auto_kid=True)
        one = suite.with_key(f"{name}-1", rsa, suite.callback, name)
        two = suite.with_key(f"{name}-2", curve, second, name)
        suite.write(name, client=one, client2=two, resource={"resourceUrl": f"{suite.issuer}/oidc/userinfo"})


if __name__ == "__main__":
    main()
