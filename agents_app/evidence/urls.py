"""Routes of evidence bundles."""

from django.urls import path

from agents_app.evidence import views

app_name = "evidence"
urlpatterns = [
    path("evidence/new/", views.new, name="new"),
    path("evidence/download/", views.download, name="download"),
]
