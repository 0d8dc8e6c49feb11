"""The home's addresses."""

from django.urls import path

from parvis.home.views import front, legal, search, well_known

app_name = "home"
urlpatterns = [
    path("", front.home, name="home"),
    path("search/", search.search, name="search"),
    path("legal/<slug:slug>/", legal.legal, name="legal"),
    path(".well-known/security.txt", well_known.security_txt, name="security-txt"),
    path("robots.txt", well_known.robots_txt, name="robots-txt"),
]
