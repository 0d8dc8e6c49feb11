"""What the worker does for the portfolio."""

from parvis.portfolio.actions.links import look_at_links
from parvis.portfolio.actions.reminders import remind
from parvis.portfolio.models import Product


def refresh_current_phases() -> int:
    """Follow the phases that begin by themselves when their day comes; return how many products changed."""
    return Product.objects.all().refresh_phases()


def check_links() -> int:
    """Look behind a few of the addresses that products publish; return how many."""
    return look_at_links()


def give_reminders() -> dict[str, int]:
    """Remind of committees, of people who leave soon, of pages that were not confirmed for a year."""
    return remind()
