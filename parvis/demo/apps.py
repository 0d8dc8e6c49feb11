"""The Django configuration of the demonstration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A fictional network, on demand."""

    name = "parvis.demo"

    def ready(self) -> None:
        """Tell who to sign in as when a development server starts."""
        from parvis.lib.setup_steps import register_welcome

        register_welcome(_welcome)


def _welcome() -> list[str]:
    from parvis.demo import queries

    if not queries.is_here():
        return []
    lines = [f"{one.address:<42} {one.why}" for one in queries.visitors()]
    return ["Sign in as one of these; the code arrives at /dev/mail/:", "", *(f"  {line}" for line in lines), ""]
