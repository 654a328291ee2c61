"""Routes of runs, steps and jobs."""

from django.urls import path

from agents_app.runs import views

app_name = "runs"
urlpatterns = [
    path("runs/", views.run_list, name="list"),
    path("runs/<id:run_id>/", views.run, name="run"),
    path("steps/<id:step_id>/", views.step, name="step"),
    path("traces/<id:trace_id>/", views.trace, name="trace"),
    path("jobs/<id:job_id>/", views.job, name="job"),
]
