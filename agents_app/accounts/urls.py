"""Routes of accounts: one's own page, those of everybody for administrators, and the trail."""

from django.urls import path

from agents_app.accounts import people_views, views
from agents_app.accounts.access import review_views
from agents_app.accounts.access import views as access
from agents_app.accounts.trail import question_views, row_views
from agents_app.accounts.trail.views import trail

app_name = "accounts"
urlpatterns = [
    path("account/", views.account, name="account"),
    path("accounts/", people_views.listing, name="people"),
    path("accounts/add/", people_views.add, name="add"),
    path("accounts/<int:account_id>/", people_views.person, name="person"),
    path("trail/", trail, name="trail"),
    path("trail/people/", question_views.people, name="trail_people"),
    path("trail/people/<int:person_id>/", question_views.person, name="trail_person"),
    path("trail/agents/<id:agent_id>/", question_views.agent, name="trail_agent"),
    path("trail/identities/<id:identity_id>/", question_views.identity, name="trail_identity"),
    path("trail/rows/<int:sequence>/", row_views.row, name="trail_row"),
    path("trail/chain/", row_views.chain, name="trail_chain"),
    path("trail/review/", review_views.queue, name="review"),
    path("trail/review/<int:sequence>/", review_views.one, name="verdict"),
    path("access/open/", access.open_one, name="open"),
    path("access/close/", access.close_one, name="close"),
    path("access/reveal/", access.reveal, name="reveal"),
]
