"""A service of another directory is called a listing in the code: the word "service" would say anything."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("similar", "0001_initial")]

    operations = [migrations.RenameModel("Service", "Listing")]
