"""Routes of accounts: one's own account page, and the trail."""

from django.urls import path

from agents_app.accounts import views
from agents_app.accounts.trail.views import trail

app_name = "accounts"
urlpatterns = [
    path("account/", views.account, name="account"),
    path("trail/", trail, name="trail"),
]
