"""`parvis mail`: what the outbox holds."""

import json

import click


@click.group()
def mail() -> None:
    """Read the outbox, and send what waits."""


@mail.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@click.option("--to", default="", help="Only mails to this address, whatever its case.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
def list_(*, as_json: bool, to: str, limit: int) -> None:
    """List mails, the newest first. Delivered mails no longer hold their text."""
    from parvis.mail.models import Message

    messages = Message.objects.order_by("-id")
    if to:
        messages = messages.filter(to__iexact=to)
    rows = [
        {
            "id": str(message.pk),
            "to": message.to,
            "subject": message.subject,
            "text": message.text,
            "created_at": message.created_at.isoformat(),
            "state": message.state,
        }
        for message in messages[:limit]
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['created_at'][:16]}  {row['state']:<7}  {row['to']:<36}  {row['subject']}")


@mail.command()
def retry() -> None:
    """Try now what waits for its next attempt."""
    from parvis.mail.tasks import deliver_due, retry_failed

    waiting = retry_failed()
    click.echo(f"{waiting} waiting, {deliver_due()} delivered")


commands: list[click.Command] = [mail]
