"""Route of the overview."""

from django.urls import path

from agents_app.overview import views

app_name = "overview"
urlpatterns = [path("", views.home, name="home")]
