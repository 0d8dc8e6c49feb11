"""The face's own addresses."""

from django.urls import path

from parvis.web.views import choices, gallery, manifest

app_name = "web"
urlpatterns = [
    path("language/", choices.set_language, name="language"),
    path("appearance/", choices.set_appearance, name="appearance"),
    path("components/", gallery.gallery, name="gallery"),
    path("components/form/", gallery.form, name="gallery-form"),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    path("favicon.ico", manifest.favicon, name="favicon"),
]
