"""The people of the application, as django-lasuite wants them."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class User(AbstractBaseUser):
    """Somebody who has signed in once: `sub` is all that names them."""

    sub = models.CharField(max_length=255, unique=True)
    email = models.EmailField(blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "sub"
    REQUIRED_FIELDS: ClassVar = []
    objects = BaseUserManager()

    class Meta:
        app_label = "lasuite_app"

    def __str__(self) -> str:
        return self.sub
