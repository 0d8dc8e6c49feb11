"""The verbs of accounts: naming an operator, helping who has lost their factors, ending sessions, purging."""

import click


@click.command("createoperator")
@click.argument("address")
@click.option("--given-name", default="", help="Given name, when the account is new.")
@click.option("--family-name", default="", help="Family name, when the account is new.")
def createoperator(address: str, given_name: str, family_name: str) -> None:
    """Let the holder of ADDRESS open the operator console; create their account when there is none."""
    from django.core.exceptions import ValidationError

    from parvis.directory.actions.people import create_user, make_operator
    from parvis.directory.exceptions import DirectoryError
    from parvis.directory.models import Email
    from parvis.lib import email_address

    try:
        cleaned = email_address.clean(address)
        holder = Email.objects.holder_of(cleaned)
        if holder is None:
            name = given_name or cleaned.partition("@")[0]
            user = create_user(by=None, given_name=name, family_name=family_name, confirmed_address=cleaned)
        else:
            user = holder.user
        make_operator(by=None, user=user)
    except (ValidationError, DirectoryError) as error:
        raise click.ClickException("; ".join(getattr(error, "messages", [str(error)]))) from error
    click.echo(f"{user.name} ({cleaned}) is an operator, and signs in with a code sent to that address.")


@click.group("accounts")
def accounts() -> None:
    """Look after people's ways to sign in."""


@accounts.command()
def purge() -> None:
    """End what has expired: sessions, codes, counters, devices (`parvis worker` does so by itself)."""
    from parvis.accounts import tasks
    from parvis.accounts.sessions import SessionStore

    counts = {"sessions": SessionStore.end_expired()} | tasks.purge()
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))


@accounts.command("end-sessions")
@click.argument("address")
def end_sessions(address: str) -> None:
    """Sign the holder of ADDRESS out everywhere."""
    from parvis.accounts.actions import signing_in

    user = _holder(address)
    click.echo(f"{signing_in.end_sessions(by=None, user_ids=[user.pk])} sessions ended.")


@accounts.command("reset-factors")
@click.argument("address")
@click.confirmation_option(prompt="Have you made sure that you speak with this person?")
def reset_factors(address: str) -> None:
    """Remove every second factor of the holder of ADDRESS, who is told; a code by e-mail is then enough again."""
    from parvis.accounts.actions import factors

    factors.reset_factors(by=None, user=_holder(address))
    click.echo("Passkeys, authenticator app and recovery codes are removed.")


def _holder(address: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - models are imported once Django has started
    from parvis.directory.models import Email

    holder = Email.objects.holder_of(address)
    if holder is None:
        raise click.ClickException(f"Nobody has confirmed {address}.")
    return holder.user


commands: list[click.Command] = [createoperator, accounts]
