"""Route of the jump box."""

from django.urls import path

from agents_app.search import views

app_name = "search"
urlpatterns = [path("search/", views.jump, name="jump")]
