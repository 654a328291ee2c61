"""Routes of memory blocks."""

from django.urls import path

from agents_app.memory import views

app_name = "memory"
urlpatterns = [
    path("blocks/<id:block_id>/", views.block, name="block"),
]
