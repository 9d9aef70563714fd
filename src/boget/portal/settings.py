"""Settings of the portal. Everything an installation may change comes from the environment (docs/operator/settings.md)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

PORTAL = Path(__file__).resolve().parent
PACKAGE = PORTAL.parent


def read_list(name: str, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def read_switch(name: str, *, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0") not in {"0", "", "no", "false"}


def read_secret(path: Path) -> str:
    """The signing key: from the environment, else made once and kept beside the database, readable by its owner only."""
    if "BOGET_SECRET_KEY" in os.environ:
        return os.environ["BOGET_SECRET_KEY"]
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(50))
    return path.read_text()


VAR = Path(os.environ.get("BOGET_VAR", "var")).resolve()
SECRET_KEY = read_secret(VAR / "secret_key")
DEBUG = read_switch("BOGET_DEBUG", default=False)
ALLOWED_HOSTS = read_list("BOGET_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = read_list("BOGET_ORIGINS", "")
IS_HTTPS = read_switch("BOGET_HTTPS", default=False)
BOGET_REQUIRE_TWO_FACTOR = read_switch("BOGET_REQUIRE_TWO_FACTOR", default=IS_HTTPS)

INSTALLED_APPS = [
    "boget.portal.reports",
    "boget.portal.meetings",
    "boget.portal.actions",
    "boget.portal.scenarios",
    "boget.portal.assessments",
    "boget.portal.registry",
    "boget.portal.notifications",
    "boget.portal.jobs",
    "boget.portal.accounts",
    "boget.portal.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "boget.portal.core.middleware.PermissionsPolicyMiddleware",
    "boget.portal.core.middleware.RefuseBadTextMiddleware",
    "boget.portal.core.middleware.RefuseLargeBodyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "boget.portal.accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "boget.portal.accounts.middleware.TwoFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "boget.portal.core.middleware.ErrorPageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "boget.portal.urls"
WSGI_APPLICATION = "boget.portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "boget.portal.core.context.page",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.config(conn_max_age=60)
    if "DATABASE_URL" in os.environ
    else {"ENGINE": "boget.portal.core.sqlite", "NAME": VAR / "boget.sqlite3"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR / "cache",
        # counts of wrong passwords and used codes are kept here too: with Django's 300 others would push them out soon
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "welcome"

ACCOUNT_ADAPTER = "boget.portal.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if read_switch("BOGET_BEHIND_PROXY", default=False) else 0
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
MFA_ADAPTER = "boget.portal.accounts.adapter.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are entered by the secretary, not by strangers
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Boget"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying again does not make the lock longer
AXES_USERNAME_FORM_FIELD = "login"
AXES_CLIENT_IP_CALLABLE = "boget.portal.accounts.lockout.read_client_ip"
AXES_LOCKOUT_CALLABLE = "boget.portal.accounts.lockout.show_lockout"
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Russian")), ("kk", _("Kazakh")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "boget_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
FORMAT_MODULE_PATH = ["boget.portal.formats"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Almaty"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [("dist", PORTAL / "static" / "dist"), ("geodata", PACKAGE / "data" / "kz" / "map")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["pmtiles", "woff2", "png", "jpg", "gz"]  # ranges of a tile archive must stay raw
WHITENOISE_MIMETYPES = {".pmtiles": "application/vnd.pmtiles", ".mjs": "text/javascript"}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "boget.portal.core.error_pages.show_csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31536000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if read_switch("BOGET_BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if 'BOGET_SMTP' in os.environ else 'dummy'}.EmailBackend"
EMAIL_HOST = os.environ.get("BOGET_SMTP", "localhost")
EMAIL_USE_SSL = os.environ.get("BOGET_SMTP_SECURITY") == "ssl"
EMAIL_USE_TLS = os.environ.get("BOGET_SMTP_SECURITY") == "starttls"
EMAIL_PORT = int(os.environ.get("BOGET_SMTP_PORT") or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25))
EMAIL_HOST_USER = os.environ.get("BOGET_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("BOGET_SMTP_PASSWORD", "")
EMAIL_TIMEOUT = float(os.environ.get("BOGET_SMTP_TIMEOUT", "20"))  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("BOGET_FROM", "boget@localhost")
BOGET_REPLY_TO = os.environ.get("BOGET_REPLY_TO", "")
BOGET_ADDRESS = os.environ.get("BOGET_ADDRESS", "http://127.0.0.1:8000").rstrip("/")  # what links in e-mails begin with
BOGET_WORKER = read_switch("BOGET_WORKER", default=True)  # whether each server process also works off the jobs

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
