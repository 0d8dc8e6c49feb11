"""An application at its smallest: django-lasuite as its team publishes it, and a page that says who is there."""
