"""All settings, and the only place where the environment is read; secrets may come as X_FILE."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from environs import FileAwareEnv

from agents_app.letta.uri import letta_database
from dashboard.environment import checked_oidc, oidc_origin, own_database, read_or_create

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

env = FileAwareEnv(eager=False)

# --- what an operator sets (README has the table; a test keeps both equal) --------------------------
# Django's debug mode; production is the default.
DEBUG = env.bool("DEBUG", False)
# Folder for everything this program writes: embedded database, secret key, collected static files.
VAR = Path(env.str("INSPECTOR_VAR", str(BASE_DIR / "var")))
# Signs sessions and cursors; made once in the var folder when unset. Several machines must share one.
INSPECTOR_SECRET_KEY = env.str("INSPECTOR_SECRET_KEY", "")
# Our own PostgreSQL as a URL; unset means the embedded server.
INSPECTOR_DATABASE_URL = env.str("INSPECTOR_DATABASE_URL", "")
# The same database as the role that owns its tables: migrates, and moves old rows of the trail out.
INSPECTOR_DATABASE_OWNER_URL = env.str("INSPECTOR_DATABASE_OWNER_URL", "")
# Folder that signed checkpoints of the trail are written to.
INSPECTOR_CHECKPOINT_DIR = env.str("INSPECTOR_CHECKPOINT_DIR", "")
# File with the key that signs checkpoints (Ed25519, PEM).
INSPECTOR_CHECKPOINT_KEY_FILE = env.str("INSPECTOR_CHECKPOINT_KEY_FILE", "")
# Letta's database, spelled as Letta itself spells it; never written.
LETTA_PG_URI = env.str("LETTA_PG_URI", "")
# Allows connections to Letta without verified TLS, with a banner.
INSPECTOR_LETTA_ALLOW_WEAK_TLS = env.bool("INSPECTOR_LETTA_ALLOW_WEAK_TLS", False)
# Allows a role that could write, with a banner on every page.
INSPECTOR_ALLOW_POWERFUL_ROLE = env.bool("INSPECTOR_ALLOW_POWERFUL_ROLE", False)
# Connections to Letta that one process may hold.
INSPECTOR_LETTA_MAX_CONNECTIONS = env.int("INSPECTOR_LETTA_MAX_CONNECTIONS", 5)
# Signs in to Letta's database with a fresh IAM token for each connection instead of a password.
INSPECTOR_LETTA_IAM_AUTH = env.bool("INSPECTOR_LETTA_IAM_AUTH", False)
# A reader endpoint that is used instead of the one in LETTA_PG_URI.
LETTA_PG_READ_URI = env.str("LETTA_PG_READ_URI", "")
# Identifier of the Aurora cluster; unset means the one that the host in LETTA_PG_URI names.
INSPECTOR_CLUSTER_ID = env.str("INSPECTOR_CLUSTER_ID", "")
# Region of that cluster; unset means the one in the host's name, then AWS_DEFAULT_REGION.
AWS_REGION = env.str("AWS_REGION", "")
# Seconds between two calls to AWS for the same metrics, whoever looks.
INSPECTOR_AWS_SECONDS = env.float("INSPECTOR_AWS_SECONDS", 60.0)
# Host names this console answers to.
INSPECTOR_ALLOWED_HOSTS = env.list("INSPECTOR_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
# Whether browsers reach it by HTTPS: secure cookies, HSTS, redirects.
INSPECTOR_HTTPS = env.bool("INSPECTOR_HTTPS", True)
# Reverse proxies in front whose X-Forwarded-For and X-Forwarded-Proto are believed (0 = none).
INSPECTOR_TRUSTED_PROXIES = env.int("INSPECTOR_TRUSTED_PROXIES", 0)
# OpenAI-compatible endpoint (https://…/v1) that embeds the words of a search by meaning; unset: none.
INSPECTOR_EMBEDDING_BASE_URL = env.str("INSPECTOR_EMBEDDING_BASE_URL", "")
# Key for it, sent as a bearer token; some local servers need none.
INSPECTOR_EMBEDDING_API_KEY = env.str("INSPECTOR_EMBEDDING_API_KEY", "")
# Whether people who may see content must have a second factor (an app's code or a key).
INSPECTOR_REQUIRE_SECOND_FACTOR = env.bool("INSPECTOR_REQUIRE_SECOND_FACTOR", not DEBUG)
# OpenID Connect: the provider's address, this console's client id and secret, the name on the button.
INSPECTOR_OIDC_URL = env.str("INSPECTOR_OIDC_URL", "")
INSPECTOR_OIDC_CLIENT_ID = env.str("INSPECTOR_OIDC_CLIENT_ID", "")
INSPECTOR_OIDC_CLIENT_SECRET = env.str("INSPECTOR_OIDC_CLIENT_SECRET", "")
INSPECTOR_OIDC_NAME = env.str("INSPECTOR_OIDC_NAME", "Single sign-on")
# The provider's sign-in page, where its host is not that of INSPECTOR_OIDC_URL (Amazon Cognito).
INSPECTOR_OIDC_SIGN_IN_URL = env.str("INSPECTOR_OIDC_SIGN_IN_URL", "")
# Level of the JSON log lines on stdout.
INSPECTOR_LOG_LEVEL = env.str("INSPECTOR_LOG_LEVEL", "INFO")

LETTA_DATABASE: dict[str, Any] = letta_database(
    LETTA_PG_URI,
    allow_weak_tls=INSPECTOR_LETTA_ALLOW_WEAK_TLS,
    allow_powerful=INSPECTOR_ALLOW_POWERFUL_ROLE,
    max_connections=INSPECTOR_LETTA_MAX_CONNECTIONS,
    read_uri=LETTA_PG_READ_URI,
    iam_auth=INSPECTOR_LETTA_IAM_AUTH,
)
# Requests that may wait for a connection; with those that hold one, 12 of a process's 16 threads, so
# that sign-in and health always have threads left.
LETTA_DATABASE["INSPECTOR"]["max_waiting"] = 7
env.seal()

# --- derived from it -------------------------------------------------------------------------------
EMBEDDED_FOLDER = VAR / "postgres"
EMBEDDED_DATABASE = not INSPECTOR_DATABASE_URL
SECRET_KEY = INSPECTOR_SECRET_KEY or read_or_create(VAR / "secret-key", get_random_secret_key)
ALLOWED_HOSTS = ["*"] if DEBUG else INSPECTOR_ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS = [
    f"https://{host}" for host in INSPECTOR_ALLOWED_HOSTS if INSPECTOR_HTTPS and host != "*"
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": own_database(INSPECTOR_DATABASE_URL, folder=EMBEDDED_FOLDER),
    "letta": LETTA_DATABASE,
}
OWN_DATABASE_OWNER = own_database(
    INSPECTOR_DATABASE_OWNER_URL or INSPECTOR_DATABASE_URL,
    folder=EMBEDDED_FOLDER,
    user="inspector_owner",
)
DATABASE_ROUTERS = ["agents_app.letta.router.LettaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "template_partials",
    "procrastinate.contrib.django",
    "agents_app",
]

MIDDLEWARE = [
    "agents_app.ui.middleware.RequestLine",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "agents_app.ui.middleware.BrowserHeaders",
    "agents_app.ui.middleware.RefuseBadInput",
    "agents_app.ui.health.Live",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "agents_app.accounts.sessions.SessionLife",
    "agents_app.accounts.guard.Acting",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "agents_app.accounts.second_factor.SecondFactor",
    "django_htmx.middleware.HtmxMiddleware",
    "agents_app.ui.middleware.ReaderZone",
    "agents_app.ui.middleware.LettaDeadline",
]

ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "agents_app.accounts.shell.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- people ----------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "agents_app.accounts.adapter.ClosedAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = (
    False  # half an hour without use, 12 hours, or until the browser is closed
)
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "agents_app.accounts.adapter.SealingAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Letta Inspector"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not INSPECTOR_HTTPS
SESSION_IDLE_SECONDS = 30 * 60
# Who signs in through the provider gets an account without a role; an administrator gives the role.
SOCIALACCOUNT_ADAPTER = "agents_app.accounts.adapter.ProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
# An account is found by the provider and its id for the person, never by an e-mail address.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "agents_app.accounts.sso.provider.StrictProvider",
        "APPS": [
            {
                "provider_id": "sso",
                "name": INSPECTOR_OIDC_NAME,
                "client_id": INSPECTOR_OIDC_CLIENT_ID,
                "secret": INSPECTOR_OIDC_CLIENT_SECRET,
                "settings": {"server_url": checked_oidc(INSPECTOR_OIDC_URL)},
            }
        ]
        if INSPECTOR_OIDC_URL
        else [],
    }
}
# Five failed tries for a name from an address in a quarter of an hour, or for somebody's codes.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,100/h/ip,5/15m/key"}
# Sign-in limits live in the cache, so the cache is a table that all workers share. Nothing else is put
# there, and no entry makes room for another.
CACHES = {
    "default": {
        "BACKEND": "dashboard.owndb.lasting.LastingCache",
        "LOCATION": "inspector_cache",
    }
}

# --- browsers --------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-session" if INSPECTOR_HTTPS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = INSPECTOR_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf" if INSPECTOR_HTTPS else "csrf"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_HSTS_SECONDS = 63_072_000 if INSPECTOR_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = INSPECTOR_HTTPS
SECURE_SSL_REDIRECT = INSPECTOR_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if INSPECTOR_TRUSTED_PROXIES else None
# With "no-referrer" browsers send `Origin: null` on our own forms, which CSRF protection must refuse.
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "agents_app.ui.failures.csrf_failed"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Signing in through the provider is a form whose answer redirects there.
        "form-action": [
            SELF,
            *oidc_origin(INSPECTOR_OIDC_SIGN_IN_URL or INSPECTOR_OIDC_URL),
        ],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "agents_app.ui.plotlyfiles.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# --- time, text, logs ------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
USE_I18N = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "agents_app.ui.logs.JsonLine"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
        },
        # A logger without any handler would print to stderr.
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stdout"], "level": INSPECTOR_LOG_LEVEL},
    "loggers": {
        # One line a request is written by RequestLine; Django's own would repeat it with paths.
        "django.request": {"handlers": ["nowhere"], "propagate": False},
        "django.server": {"handlers": ["nowhere"], "propagate": False},
        "procrastinate": {"level": "WARNING"},
        # Their debug lines hold signatures and tokens, so INSPECTOR_LOG_LEVEL does not reach them.
        "boto3": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "agents_app.ui.logs.QuietReporter"

# --- evidence bundles ------------------------------------------------------------------------------
# Which source each kind of object has (agents_app/evidence/sources.py).
EVIDENCE_SOURCES = {
    "conversation": "agents_app.conversations.evidence.CONVERSATION",
    "thread": "agents_app.conversations.evidence.THREAD",
    "agent": "agents_app.conversations.evidence.AGENT",
    "block": "agents_app.memory.evidence.BLOCK",
    "identity": "agents_app.people.evidence.IDENTITY",
}

# --- background work -------------------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "work.tasks"
# What the worker runs for each kind of work.
BACKGROUND_WORK = {
    "conversation-search": "agents_app.conversations.background.search",
    "block-history": "agents_app.memory.background.read_history",
    "stray-prompts": "agents_app.memory.background.search_prompts",
    "customer-footprint": "agents_app.people.footprint.background.read",
    "embedding-map": "agents_app.embeddings.map.background.project",
    "embedding-scan": "agents_app.embeddings.health.background.scan",
}
# Those that run one at a time, in a process of their own.
HEAVY_WORK = {"embedding-map", "embedding-scan"}
