"""Addresses of the portfolio."""

from django.urls import path

from parvis.portfolio.views import explore, products

app_name = "portfolio"

urlpatterns = [
    path("portfolio/explore/", explore.explore, name="explore"),
    path("portfolio/products/<str:key>/", products.product_detail, name="product-detail"),
    path("portfolio/products/<str:key>/history/", products.product_history, name="product-history"),
    path("portfolio/products/<str:key>/<str:what>.csv", products.product_numbers, name="product-numbers"),
]
