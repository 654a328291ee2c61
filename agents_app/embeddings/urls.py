"""Routes of archives, sources, files and passages."""

from django.urls import path

from agents_app.embeddings.views import archives, meaning, neighbors, passages, replay, sources

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
    path("passages/<id:passage_id>/neighbors/", neighbors.near, name="neighbors"),
    path("meaning/", meaning.ask, name="meaning"),
    path("meaning/search/", meaning.search, name="search_meaning"),
    path("messages/<id:message_id>/retrieval/<int:part>/", replay.replay, name="replay"),
    path("messages/<id:message_id>/retrieval/<int:part>/again/", replay.again, name="replay_again"),
]
