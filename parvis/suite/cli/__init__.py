"""`parvis app`: registering applications without a browser. Other programs call it: its options and JSON names stay."""

import click

from parvis.suite.cli.looking_after import list_applications, recipe, rotate
from parvis.suite.cli.registering import create, edit
from parvis.suite.cli.registration_token import registration_token


@click.group("app")
def app_group() -> None:
    """Register applications, and look after their secrets."""


for command in (create, edit, list_applications, rotate, recipe, registration_token):
    app_group.add_command(command)
commands: list[click.Command] = [app_group]
