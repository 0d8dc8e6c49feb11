"""Addresses of open data."""

from django.urls import path

from parvis.opendata.views import betagouv, documents

app_name = "opendata"
urlpatterns = [
    path("portfolio/changes.atom", documents.changes, name="changes"),
    path("portfolio/committees.ics", documents.committees, name="committees"),
    path("portfolio/products/<str:key>/changes.atom", documents.product_changes, name="product-changes"),
    path("portfolio/products/<str:key>/publiccode.yml", documents.product_publiccode, name="product-publiccode"),
    path("portfolio/products/<str:key>/data.jsonld", documents.product_linked_data, name="product-linked-data"),
    path("api/swagger.json", betagouv.description, name="betagouv-description"),
    path("api/v2.7/<str:name>", betagouv.collection, name="betagouv-collection"),
    path("api/v3/startups/<str:key>.json", betagouv.startup, name="betagouv-startup"),
]
