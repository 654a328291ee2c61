"""Every route: one include() per feature, sign-in, and the two health probes."""

from allauth.account import views as account
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from agents_app.ui import health
from agents_app.ui.styleguide import styleguide

handler400 = "agents_app.ui.failures.bad_request"
handler403 = "agents_app.accounts.trail.occasions.forbidden"
handler404 = "agents_app.ui.failures.not_found"
handler500 = "agents_app.ui.failures.server_error"

urlpatterns = [
    path("livez", login_not_required(health.livez), name="livez"),
    path("readyz", login_not_required(health.readyz), name="readyz"),
    path("letta-state", health.letta_state, name="letta_state"),
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/password/", account.password_change, name="account_change_password"),
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
]

if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
