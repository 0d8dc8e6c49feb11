"""Addresses of the development pages."""

from django.urls import path

from parvis.mail import views

app_name = "mail"
urlpatterns = [
    path("dev/mail/", views.mail_list, name="mail-list"),
    path("dev/mail/<uuid:pk>/", views.mail_detail, name="mail-detail"),
]
