"""Routes of memory blocks."""

from django.urls import path

from agents_app.memory.views import blame, block, history, listing, remembered, travel, working

app_name = "memory"
urlpatterns = [
    path("blocks/", listing.blocks, name="list"),
    path("blocks/<id:block_id>/", block.block, name="block"),
    path("blocks/<id:block_id>/history/", history.history, name="history"),
    path("blocks/<id:block_id>/history/work/", working.start, name="start_work"),
    path("blocks/<id:block_id>/history/work/<uuid:work_id>/", working.watch, name="work"),
    path("blocks/<id:block_id>/blame/", blame.blame, name="blame"),
    path("agents/<id:agent_id>/memory/", remembered.remembered, name="agent"),
    path("agents/<id:agent_id>/at/", travel.at, name="at"),
]
