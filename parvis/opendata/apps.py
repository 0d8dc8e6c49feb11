"""Open data's Django configuration."""

from django.apps import AppConfig


class OpendataConfig(AppConfig):
    """The portfolio for machines: files, feeds, calendars, and the interface of beta.gouv.fr for those who use it."""

    name = "parvis.opendata"
