"""Routes of archives, sources, files and passages."""

from django.urls import path

from agents_app.embeddings.views import archives, passages, sources

app_name = "embeddings"
urlpatterns = [
    path("archives/", archives.archive_list, name="list"),
    path("archives/<id:archive_id>/", archives.archive, name="archive"),
    path("agents/<id:agent_id>/passages/", archives.of_agent, name="agent"),
    path("sources/", sources.source_list, name="sources"),
    path("sources/<id:source_id>/", sources.source, name="source"),
    path("files/<id:file_id>/", sources.file, name="file"),
    path("passages/", passages.passage_list, name="passages"),
    path("passages/<id:passage_id>/", passages.passage, name="passage"),
]
