"""Routes of archives, sources, files and passages."""

from django.urls import path

from agents_app.embeddings import views

app_name = "embeddings"
urlpatterns = [
    path("archives/<id:archive_id>/", views.archive, name="archive"),
    path("sources/<id:source_id>/", views.source, name="source"),
    path("files/<id:file_id>/", views.file, name="file"),
    path("passages/<id:passage_id>/", views.passage, name="passage"),
]
