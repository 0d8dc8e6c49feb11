"""Django's PostgreSQL backend: tables can change while every statement is prepared, and moments are read quickly."""
