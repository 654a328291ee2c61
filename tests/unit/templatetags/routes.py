"""A URLconf with just the names the frame links to, so that these tests need no feature."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a page")


def _feature(name: str, *pages: str) -> object:
    return path("", include(([path(f"{name}/{each}/", page, name=each) for each in pages], name)))


urlpatterns = [
    _feature("overview", "home"),
    _feature("agents", "list", "detail"),
    _feature("accounts", "account", "trail"),
    _feature("search", "jump"),
    path("account/logout/", page, name="account_logout"),
]
