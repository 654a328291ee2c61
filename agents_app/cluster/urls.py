"""Routes of the cluster pages."""

from django.urls import path

from agents_app.cluster import views

app_name = "cluster"
urlpatterns = [
    path("cluster/", views.home, name="home"),
    path("cluster/activity/", views.activity, name="activity"),
    path("cluster/age/", views.age, name="age"),
    path("cluster/database/", views.database, name="database"),
    path("cluster/prices/", views.prices, name="prices"),
    path("cluster/prices/set/", views.set_prices, name="set_prices"),
    path("cluster/wake/", views.wake, name="wake"),
]
