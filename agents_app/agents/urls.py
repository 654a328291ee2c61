"""Routes of agents and the structure around them."""

from django.urls import path

from agents_app.agents import structure_views, views

app_name = "agents"
urlpatterns = [
    path("agents/", views.agents, name="list"),
    path("agents/<id:agent_id>/", views.agent, name="agent"),
    path("tools/", structure_views.tools, name="tools"),
    path("tools/<id:tool_id>/", structure_views.tool, name="tool"),
    path("groups/", structure_views.groups, name="groups"),
    path("groups/<id:group_id>/", structure_views.group, name="group"),
    path("organizations/", structure_views.organizations, name="organizations"),
    path("organizations/<id:organization_id>/", structure_views.organization, name="organization"),
    path("users/", structure_views.users, name="users"),
    path("users/<id:user_id>/", structure_views.user, name="user"),
]
