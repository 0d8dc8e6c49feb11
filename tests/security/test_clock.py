"""The clock jumps by a minute, forwards or back, in the middle of anything: nothing that is valid is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.factories.oidc import Application, answer_of, read_jwt
from tests.oidc.test_assertions import ask, signed

JUMPS = [timedelta(seconds=60), timedelta(seconds=-60)]
pytestmark = pytest.mark.parametrize("jump", JUMPS, ids=["forwards", "back"])


@pytest.fixture
def jumped(jump: timedelta) -> Iterator[time_machine.Traveller]:
    """A clock that a test moves: `move()` makes the jump."""
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        yield clock


def test_a_code_is_redeemed_after_the_jump(app: Application, jumped: time_machine.Traveller, jump: timedelta) -> None:
    code = app.code()
    jumped.shift(jump)
    assert app.redeem(code).status == 200


def test_tokens_and_the_session_outlive_the_jump(
    app: Application, jumped: time_machine.Traveller, jump: timedelta
) -> None:
    tokens = app.tokens()
    jumped.shift(jump)
    assert app.userinfo(tokens["access_token"]).status_code == 200
    renewed = app.refresh(tokens["refresh_token"])
    assert renewed.status == 200
    assert app.userinfo(renewed.body["access_token"]).status_code == 200
    assert "code" in answer_of(app.authorize(prompt="none"))


def test_an_id_token_of_before_signs_out_and_one_of_after_is_not_from_the_future(
    app: Application, jumped: time_machine.Traveller, jump: timedelta
) -> None:
    before = app.tokens()["id_token"]
    jumped.shift(jump)
    _header, claims = read_jwt(app.tokens()["id_token"])
    assert claims["iat"] <= datetime.now(UTC).timestamp()
    assert app.browser.get("/oidc/logout", {"id_token_hint": before}).status_code in {200, 302}


def test_a_signed_proof_of_an_application_whose_clock_is_right_still_counts(
    signer: Application, jumped: time_machine.Traveller, jump: timedelta
) -> None:
    proof = signed(signer)
    jumped.shift(jump)
    assert ask(signer, proof).status == 200
