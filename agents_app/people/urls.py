"""Routes of identities."""

from django.urls import path

from agents_app.people import views

app_name = "people"
urlpatterns = [
    path("identities/", views.identities, name="identities"),
    path("identities/<id:identity_id>/", views.identity, name="identity"),
]
