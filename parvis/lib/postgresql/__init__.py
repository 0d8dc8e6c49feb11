"""Django's PostgreSQL backend, able to change tables while every statement of the product is prepared."""
