"""The face: what every page is made of."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base templates, components, forms, styles, error pages and the outer middleware."""

    name = "parvis.web"
    label = "web"
    default = True

    def ready(self) -> None:
        """Let every form say what to do rather than what is wrong."""
        from django import forms
        from django.utils.translation import gettext_lazy as _

        forms.Field.default_error_messages["required"] = _("Fill in this field.")
        forms.ChoiceField.default_error_messages["required"] = _("Choose one of these.")
        forms.FileField.default_error_messages["required"] = _("Choose a file.")
        # This class has no messages of its own to add to.
        forms.BooleanField.default_error_messages = {"required": _("Tick this box to go on.")}
