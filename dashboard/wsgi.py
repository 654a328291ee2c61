"""WSGI entry point, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from agents_app.text.masking.policy import mask_by_default

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
mask_by_default()
application = get_wsgi_application()
