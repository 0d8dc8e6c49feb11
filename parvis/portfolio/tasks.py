"""What the worker does for the portfolio."""

from parvis.portfolio.models import Product


def refresh_current_phases() -> int:
    """Follow the phases that begin by themselves when their day comes; return how many products changed."""
    return Product.objects.all().refresh_phases()
