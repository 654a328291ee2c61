"""Walking a transcript as a client of its JSON does."""

from django.test import Client


def ids(client: Client, url: str) -> list[str]:
    """Ids of all rows, page after page, until `next` is null."""
    found: list[str] = []
    following: str | None = url
    while following:
        response = client.get(following)
        assert response.status_code == 200, response.content[:300]
        page = response.json()
        found += [row["id"] for row in page["results"]]
        following = page["next"]
    return found
