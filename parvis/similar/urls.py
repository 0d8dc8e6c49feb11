"""Addresses of the similar services."""

from django.urls import path

from parvis.similar.views import product, search

app_name = "similar"

urlpatterns = [
    path("portfolio/similar/", search.who_has_done_this, name="search"),
    path("portfolio/products/<str:key>/similar/", product.product_similar, name="product-similar"),
    path("portfolio/products/<str:key>/similar/<str:kind>/<uuid:pk>/", product.product_judge, name="product-judge"),
]
