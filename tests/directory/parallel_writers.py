"""Eight processes that write at once, on a database of their own; prints what came of it as JSON.

Run by `test_parallel.py` in a process apart: what is proven here needs real files and real processes.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import django

WRITERS = 8
ROUNDS = 6


def main() -> None:
    """Prepare, write from every process, and report."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    is_postgresql = connection.vendor == "postgresql"
    if is_postgresql:
        connection.settings_dict["TEST"]["NAME"] = f"parallel_{os.getpid()}"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    else:
        call_command("migrate", verbosity=0)
    try:
        sys.stdout.write(json.dumps(_everything()) + "\n")
    finally:
        if is_postgresql:
            connection.creation.destroy_test_db("", verbosity=0)


def _everything() -> dict[str, Any]:
    from django.db import connections

    from parvis.lib.ids import uuid7
    from tests.factories.directory import GroupFactory, OrganizationFactory, UserFactory

    people = UserFactory.create_batch(WRITERS * ROUNDS)
    operator, group, organization = UserFactory(operator=True), GroupFactory(), OrganizationFactory()
    shared = {"operator": operator, "group": group, "organization": organization, "one": people[0], "id": uuid7()}
    start = time.time() + 0.5
    connections.close_all()
    pipes = [_fork(number, people, shared, start) for number in range(WRITERS)]
    errors = [error for pipe in pipes for error in json.loads(_read_all(pipe))]
    return {"errors": errors, **_counts(shared)}


def _fork(number: int, people: list[Any], shared: dict[str, Any], start: float) -> int:
    """Start a writer; return where its errors can be read."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        return reading
    errors = _write(number, people, shared, start)
    os.write(writing, json.dumps(errors).encode())
    os._exit(0)


def _read_all(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb") as pipe:
        return pipe.read()


def _write(number: int, people: list[Any], shared: dict[str, Any], start: float) -> list[str]:
    """Write as fast as possible; return every error that is not a refusal in words."""
    from parvis.directory import actions

    time.sleep(max(0, start - time.time()))
    by, group, organization = shared["operator"], shared["group"], shared["organization"]
    errors: list[str] = []
    same: list[Callable[[], object]] = [
        lambda: actions.create_group(by=by, id=shared["id"], name="Once"),
        lambda: actions.add_membership(by=by, group=group, user=shared["one"], role="manager"),
        lambda: actions.invite(by=by, group=group, address="new@example.org"),
        lambda: actions.claim_domain(by=by, organization=organization, domain="once.example"),
        lambda: actions.add_email(by=by, user=shared["one"], address="once@example.org"),
    ]
    for index in range(ROUNDS):
        person = people[number * ROUNDS + index]
        add = partial(actions.add_organization_member, by=by, organization=organization)
        own: Callable[[], object] = partial(add, user=person)
        for action in [*same, own]:
            try:
                action()
            except Exception as error:  # noqa: BLE001 - each is reported
                errors.append(f"{type(error).__name__}: {error}")
    errors += _confirm_and_deliver(number)
    return errors


def _confirm_and_deliver(number: int) -> list[str]:
    """Take one address, and deliver mails, all at once: one winner for the address, one delivery for each mail."""
    from django.conf import settings

    from parvis.directory import actions
    from parvis.directory.exceptions import AddressTakenError
    from parvis.directory.models import User
    from parvis.mail.models import Message
    from parvis.mail.tasks import deliver_due

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = os.path.join(os.environ["PARVIS_DATA_DIR"], "mails")  # noqa: PTH118 - Django wants text
    try:
        user = User.objects.order_by("pk")[number]
        actions.confirm_email(by=user, user=user, address="wanted@example.org")
    except AddressTakenError:
        pass
    except Exception as error:  # noqa: BLE001 - reported
        return [f"{type(error).__name__}: {error}"]
    Message.objects.filter(state=Message.State.KEPT).update(state=Message.State.PENDING)
    deliver_due()
    return []


def _counts(shared: dict[str, Any]) -> dict[str, int]:
    from pathlib import Path

    from parvis.directory.models import Email, EmailDomain, Group, GroupMembership, Invitation, OrganizationMembership
    from parvis.mail.models import Message
    from parvis.mail.tasks import deliver_due

    deliver_due()
    sent = "".join(file.read_text() for file in Path(os.environ["PARVIS_DATA_DIR"], "mails").glob("*"))
    return {
        "groups": Group.objects.filter(name="Once").count(),
        "memberships": GroupMembership.objects.filter(user=shared["one"]).count(),
        "invitations": Invitation.objects.count(),
        "domains": EmailDomain.objects.count(),
        "addresses": Email.objects.filter(canonical="once@example.org").count(),
        "holders": Email.objects.filter(canonical="wanted@example.org", verified_at__isnull=False).count(),
        "places": OrganizationMembership.objects.count(),
        "mails": Message.objects.count(),
        "deliveries": sent.count("\nSubject: "),
    }


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - as `python -m` would
    main()
