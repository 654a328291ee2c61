"""Views of the cluster pages."""

from agents_app.cluster.views.activity import activity
from agents_app.cluster.views.age import age
from agents_app.cluster.views.database import database
from agents_app.cluster.views.home import home
from agents_app.cluster.views.prices import prices, set_prices
from agents_app.cluster.views.wake import wake

__all__ = ["activity", "age", "database", "home", "prices", "set_prices", "wake"]
