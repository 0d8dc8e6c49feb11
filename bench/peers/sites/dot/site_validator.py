"""The claims that the benchmark's applications ask for."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator


class Validator(OAuth2Validator):
    """The toolkit's validator, with the address of the person."""

    oidc_claim_scope = OAuth2Validator.oidc_claim_scope | {"email": "email"}

    def get_additional_claims(self, request: Any) -> dict[str, Any]:
        """Add the address."""
        return {"email": request.user.email}
