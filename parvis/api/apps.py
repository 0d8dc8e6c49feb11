"""The JSON interface's Django configuration."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """`/api/v1/`: the portfolio for programs, described by an OpenAPI document."""

    name = "parvis.api"
