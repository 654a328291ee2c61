"""Routes of conversations and messages."""

from django.urls import path

from agents_app.conversations.views import background, effects, listing, message, transcripts

app_name = "conversations"
urlpatterns = [
    path("conversations/", listing.conversations, name="list"),
    path("conversations/<id:conversation_id>/", transcripts.conversation, name="conversation"),
    path("agents/<id:agent_id>/messages/", transcripts.default_thread, name="default_thread"),
    path("agents/<id:agent_id>/messages/search/", background.start, name="start_search"),
    path("agents/<id:agent_id>/messages/search/<uuid:work_id>/", background.watch, name="search"),
    path("agents/<id:agent_id>/messages/effects/", effects.effects, name="effects"),
    path("agents/<id:agent_id>/messages/unseen/", effects.unseen, name="unseen"),
    path("messages/<id:message_id>/", message.message, name="message"),
    path("messages/<id:message_id>/raw/", message.raw, name="raw"),
    path("messages/<id:message_id>/image/<int:part>/", message.image, name="image"),
]
