"""Addresses of open data."""

from django.urls import path

from parvis.opendata.views import betagouv

app_name = "opendata"
urlpatterns = [
    path("api/v2.7/<str:name>", betagouv.collection, name="betagouv-collection"),
    path("api/v3/startups/<str:key>.json", betagouv.startup, name="betagouv-startup"),
]
