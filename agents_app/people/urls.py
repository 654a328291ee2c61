"""Routes of identities."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from agents_app.people.views import customer, footprint, go, listing

app_name = "people"
urlpatterns = [
    # It sends people to sign in by itself, so that the key in its address does not travel there.
    path("go", login_not_required(go.go), name="go"),
    path("identities/", listing.identities, name="identities"),
    path("identities/<id:identity_id>/", customer.identity, name="identity"),
    path(
        "identities/<id:identity_id>/conversations/", customer.conversations, name="conversations"
    ),
    path("identities/<id:identity_id>/memory/", customer.remembered, name="memory"),
    path("identities/<id:identity_id>/changes/", customer.changed, name="changes"),
    path("identities/<id:identity_id>/passages/", customer.recalled, name="passages"),
    path("identities/<id:identity_id>/files/", customer.stored_files, name="files"),
    path("identities/<id:identity_id>/footprint/", footprint.footprint, name="footprint"),
    path("identities/<id:identity_id>/footprint/start/", footprint.start, name="start_footprint"),
    path(
        "identities/<id:identity_id>/footprint/<uuid:work_id>/",
        footprint.watch,
        name="footprint_report",
    ),
]
