"""Addresses of the similar services."""

from django.urls import URLPattern

app_name = "similar"

urlpatterns: list[URLPattern] = []
