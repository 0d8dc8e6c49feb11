"""The `parvis` command: run, setup, check, worker, and the verbs that each app adds from its own `cli.py`.

An app's `cli` lists its commands in `commands` and imports models inside their functions, so that listing the
commands does not start Django.
"""

import fcntl
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from parvis import __version__
from parvis.lib.env import InvalidEnvironmentError


class AppCommands(click.Group):
    """The commands of this module and of every app, found when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted({*super().list_commands(ctx), *_app_commands()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command of this module, else of an app."""
        return super().get_command(ctx, cmd_name) or _app_commands().get(cmd_name)


def _app_commands() -> dict[str, click.Command]:
    folder = Path(__file__).parent
    apps = sorted({path.relative_to(folder).parts[0] for path in (*folder.glob("*/cli.py"), *folder.glob("*/cli/"))})
    modules = [import_module(f"parvis.{app}.cli") for app in apps]
    return {command.name: command for module in modules for command in module.commands if command.name}


@click.group(cls=AppCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="parvis")
@click.pass_context
def parvis(ctx: click.Context) -> None:
    """Parvis: the common workplace of teams that build public services."""
    if ctx.invoked_subcommand and not {"-h", "--help"} & set(sys.argv[2:]):
        _start_django()


def _start_django() -> None:
    import django

    from parvis.web import logs

    try:
        logs.configure()
        django.setup()
    except InvalidEnvironmentError as error:
        raise click.ClickException(f"{error}\nSet it, or unset it to use the default.") from error


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
    parvis(prog_name="parvis")


@parvis.command()
def setup() -> None:
    """Prepare the data directory: tables, keys, styles. May be run again at any time."""
    prepare(say=click.echo)


def prepare(*, say: Any) -> None:
    """Do what `parvis setup` does, telling each thing that was done."""
    from django.conf import settings

    from parvis.web import setting_up

    with _one_at_a_time(settings.DATA_DIR):
        for line in setting_up.everything():
            say(line)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let two set-ups that share a data directory follow each other."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "setup.lock").open("w")
    except OSError as error:
        message = f"Cannot write in {folder} ({error.strerror}). Choose another folder with PARVIS_DATA_DIR."
        raise click.ClickException(message) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@parvis.command()
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that answer requests [PARVIS_WORKERS].")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on [PARVIS_PORT].")
@click.option("--bind", help="Address to listen on [PARVIS_BIND].")
@click.option("--no-worker", is_flag=True, help="Do not start `parvis worker` beside the server.")
def run(workers: int | None, port: int | None, bind: str | None, *, no_worker: bool) -> None:
    """Serve. In production, refuse to start while `parvis check` finds errors."""
    if port:
        os.environ["PARVIS_PORT"] = str(port)
        _follow_port(port)
    from django.conf import settings

    from parvis.server import Options, serve

    if settings.IS_DEVELOPMENT:
        prepare(say=lambda line: click.echo(line, err=True))
    else:
        _refuse_problems()
    address = bind or settings.BIND
    _refuse_taken_port(address, port or settings.PORT)
    if settings.IS_DEVELOPMENT:
        _say_what_to_open()
    serve(Options(address, port or settings.PORT, workers or settings.WORKERS, with_worker=not no_worker))


def _follow_port(port: int) -> None:
    """Start the settings anew when the flag moved a development installation whose issuer names the port."""
    from django.conf import settings

    if port != settings.PORT and not os.environ.get("PARVIS_ISSUER"):
        os.execv(sys.executable, [sys.executable, "-m", "parvis", *sys.argv[1:]])  # noqa: S606 - the same command again


def _refuse_taken_port(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            message = (
                f"Cannot listen on {address}:{port} ({error.strerror}). Choose another with PARVIS_PORT or --port."
            )
            raise click.ClickException(message) from error


def _say_what_to_open() -> None:
    from django.conf import settings

    from parvis.lib.setup_steps import welcome

    click.echo(f"\n  Open {settings.ISSUER}/\n", err=True)
    for line in welcome():
        click.echo(f"  {line}".rstrip(), err=True)
    click.echo("  Stop with Ctrl-C.\n", err=True)


def _refuse_problems() -> None:
    from parvis.web import checks

    problems = [problem for problem in checks.problems() if problem.is_serious()]
    if problems:
        for problem in problems:
            _explain(problem)
        raise click.ClickException(f"Not started: {len(problems)} to mend. `parvis check` lists them again.")


def _explain(problem: Any) -> None:
    mark = "✗" if problem.is_serious() else "!"
    click.echo(f"{mark} {problem.msg} ({problem.id})", err=True)
    for line in (problem.hint or "").splitlines():
        click.echo(f"    {line}", err=True)


@parvis.command()
def check() -> None:
    """Explain each problem of this installation, and what to set. Ends with 1 when there is an error."""
    from django.conf import settings

    from parvis.web import checks

    found = checks.problems()
    for problem in found:
        _explain(problem)
    kind = "Production" if settings.IS_PRODUCTION else "Development"
    errors = sum(problem.is_serious() for problem in found)
    click.echo(f"{kind} installation at {settings.ISSUER}: {errors} errors, {len(found) - errors} warnings.")
    if errors:
        sys.exit(1)


@parvis.command()
@click.option("--once", is_flag=True, help="Run every job once, then end.")
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
def worker(*, once: bool, parent: int | None) -> None:
    """Deliver mails and run periodic jobs until stopped. `parvis run` starts it."""
    from parvis.worker import Worker, run_once

    if once:
        run_once()
    else:
        Worker(parent=parent).run()
