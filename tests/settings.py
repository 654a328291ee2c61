"""Settings of the test run: an embedded PostgreSQL in a short temporary folder, plain HTTP, fast hashing."""

import os
import tempfile
from pathlib import Path

VAR = Path(os.environ.setdefault("INSPECTOR_TEST_VAR", tempfile.mkdtemp(prefix="inspector-test-")))
for name in list(os.environ):
    if name.startswith(("INSPECTOR_", "LETTA_")) and name != "INSPECTOR_TEST_VAR":
        del os.environ[name]
os.environ.update(
    INSPECTOR_VAR=str(VAR),
    INSPECTOR_HTTPS="false",
    INSPECTOR_SECRET_KEY="for tests only",
    INSPECTOR_REQUIRE_SECOND_FACTOR="false",
)
os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
)  # Playwright's sync API runs an event loop

from dashboard.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
(VAR / "static").mkdir(parents=True, exist_ok=True)
DATABASES["default"]["USER"] = "postgres"  # noqa: F405  (creates the test database)
ACCOUNT_RATE_LIMITS = False
DATABASES["default"]["OPTIONS"]["options"] = DATABASES["default"]["OPTIONS"]["options"].replace(  # noqa: F405
    "statement_timeout=3000", "statement_timeout=60000"
)
