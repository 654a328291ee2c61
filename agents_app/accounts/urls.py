"""Routes of accounts: one's own account page."""

from django.urls import path

from agents_app.accounts import views

app_name = "accounts"
urlpatterns = [path("account/", views.account, name="account")]
