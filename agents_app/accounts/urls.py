"""Routes of accounts: one's own page, those of everybody for administrators, and the trail."""

from django.urls import path

from agents_app.accounts import people_views, views
from agents_app.accounts.trail.views import trail

app_name = "accounts"
urlpatterns = [
    path("account/", views.account, name="account"),
    path("accounts/", people_views.listing, name="people"),
    path("accounts/add/", people_views.add, name="add"),
    path("accounts/<int:account_id>/", people_views.person, name="person"),
    path("trail/", trail, name="trail"),
]
