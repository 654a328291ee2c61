"""Routes of archives, sources, files and passages."""

from django.urls import path

from agents_app.embeddings.health import views as health
from agents_app.embeddings.map import views as maps
from agents_app.embeddings.views import (
    archives,
    containers,
    meaning,
    neighbors,
    passages,
    replay,
    sources,
)

app_name = "embeddings"
urlpatterns = [
    path("archives/", containers.archive_list, name="list"),
    path("archives/<id:archive_id>/", archives.archive, name="archive"),
    path("agents/<id:agent_id>/passages/", archives.of_agent, name="agent"),
    path("sources/", containers.source_list, name="sources"),
    path("sources/<id:source_id>/", sources.source, name="source"),
    path("files/<id:file_id>/", sources.file, name="file"),
    path("passages/", passages.passage_list, name="passages"),
    path("passages/<id:passage_id>/", passages.passage, name="passage"),
    path("passages/<id:passage_id>/neighbors/", neighbors.near, name="neighbors"),
    path("meaning/", meaning.ask, name="meaning"),
    path("meaning/search/", meaning.search, name="search_meaning"),
    path("messages/<id:message_id>/retrieval/<int:part>/", replay.replay, name="replay"),
    path("messages/<id:message_id>/retrieval/<int:part>/again/", replay.again, name="replay_again"),
    path("passages/<id:passage_id>/glance/", maps.glance, name="glance"),
    path("archives/<id:archive_id>/map/", maps.show, name="archive_map"),
    path("archives/<id:archive_id>/map/start/", maps.start, name="archive_map_start"),
    path("archives/<id:archive_id>/map/selection/", maps.select, name="archive_map_selection"),
    path("archives/<id:archive_id>/map/find/", maps.find, name="archive_map_find"),
    path("archives/<id:archive_id>/map/work/<uuid:work_id>/", maps.watch, name="archive_map_work"),
    path("archives/<id:archive_id>/health/", health.show, name="archive_health"),
    path("archives/<id:archive_id>/health/start/", health.start, name="archive_health_start"),
    path(
        "archives/<id:archive_id>/health/work/<uuid:work_id>/",
        health.watch,
        name="archive_health_work",
    ),
    path("agents/<id:agent_id>/map/", maps.show, name="agent_map"),
    path("agents/<id:agent_id>/map/start/", maps.start, name="agent_map_start"),
    path("agents/<id:agent_id>/map/selection/", maps.select, name="agent_map_selection"),
    path("agents/<id:agent_id>/map/find/", maps.find, name="agent_map_find"),
    path("agents/<id:agent_id>/map/work/<uuid:work_id>/", maps.watch, name="agent_map_work"),
]
