"""Settings of the tests: the portal's own with a folder that goes away, no compression of static files, quick passwords."""

import atexit
import os
import shutil
import tempfile

# set before the portal's settings read the environment; each worker of a parallel run has its own folder
os.environ["BOGET_VAR"] = tempfile.mkdtemp(prefix="boget-tests-")
os.environ["BOGET_SECRET_KEY"] = "only-for-tests"
for name in ("BOGET_HTTPS", "BOGET_DEBUG", "BOGET_REQUIRE_TWO_FACTOR", "BOGET_SMTP"):
    os.environ.pop(name, None)
atexit.register(shutil.rmtree, os.environ["BOGET_VAR"], ignore_errors=True)

from boget.portal.settings import *  # noqa: E402, F403

(VAR / "static").mkdir()  # noqa: F405 - WhiteNoise warns about a missing folder
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if "DATABASE_URL" not in os.environ:
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405 - each worker of a parallel run has its own
