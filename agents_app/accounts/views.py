"""One's own account: name, role, rights."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right, rights_of, role_of
from agents_app.text.masking.trees import ours
from agents_app.ui.http import Request, render_page


@require_safe
@requires()
def account(request: Request) -> HttpResponse:
    held = rights_of(request.user)
    rights = [{"name": right.value, "held": right in held} for right in Right]
    role = role_of(request.user) or "none"
    data = {"user": ours(request.user.get_username()), "role": role, "rights": sorted(held)}
    return render_page(
        request, "accounts/account.html", {"role": role, "rights": rights}, data=lambda: data
    )
