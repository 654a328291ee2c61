"""Every route: one include() per feature, sign-in, and the two health probes."""

from allauth.account import views as account
from allauth.mfa.totp.views import activate_totp
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from agents_app.accounts.sso import views as sso
from agents_app.ui import health
from agents_app.ui.styleguide import styleguide

handler400 = "agents_app.ui.failures.bad_request"
handler403 = "agents_app.accounts.trail.occasions.forbidden"
handler404 = "agents_app.accounts.trail.occasions.not_found"
handler429 = "agents_app.ui.failures.too_many"
handler500 = "agents_app.ui.failures.server_error"

urlpatterns = [
    path("livez", login_not_required(health.livez), name="livez"),
    path("readyz", login_not_required(health.readyz), name="readyz"),
    path("letta-state", health.letta_state, name="letta_state"),
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    # The code to scan is an image in a data: address, on this page alone.
    path(
        "account/2fa/totp/activate/",
        csp_update({"img-src": ["data:"]})(activate_totp),
        name="mfa_activate_totp",
    ),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/sso/sso/login/", sso.sign_in, {"provider_id": "sso"}, "openid_connect_login"),
    path(
        "account/sso/sso/login/callback/",
        sso.back,
        {"provider_id": "sso"},
        "openid_connect_callback",
    ),
    path("account/sso/cancelled/", sso.cancelled, name="socialaccount_login_cancelled"),
    path("", include("agents_app.accounts.urls")),
    path("", include("agents_app.overview.urls")),
    path("", include("agents_app.agents.urls")),
    path("", include("agents_app.conversations.urls")),
    path("", include("agents_app.runs.urls")),
    path("", include("agents_app.memory.urls")),
    path("", include("agents_app.embeddings.urls")),
    path("", include("agents_app.people.urls")),
    path("", include("agents_app.search.urls")),
    path("", include("agents_app.cluster.urls")),
    path("", include("agents_app.evidence.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
