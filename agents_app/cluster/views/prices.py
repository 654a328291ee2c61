"""The price list: which holds, and setting another."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agents_app.accounts.audit import record
from agents_app.accounts.guard import requires
from agents_app.accounts.roles import Right
from agents_app.cluster.cost.prices import EXAMPLE
from agents_app.cluster.models import PriceList
from agents_app.cluster.money import FIELDS, prices_now
from agents_app.ui.http import Request, render_page

LABELS = {
    "acu_hour_standard": "An ACU-hour, Standard",
    "acu_hour_io_optimized": "An ACU-hour, I/O-Optimized",
    "storage_standard": "A GB of storage and month, Standard",
    "storage_io_optimized": "A GB of storage and month, I/O-Optimized",
    "io_million": "A million I/O requests, Standard",
    "region": "Region",
    "currency": "Currency (three letters)",
    "source": "Source",
    "dated": "Date of the prices",
}


class PricesForm(forms.ModelForm):  # type: ignore[type-arg]
    """A whole list: prices of different days or regions are not mixed."""

    class Meta:
        model = PriceList
        fields = FIELDS
        labels = LABELS
        widgets = {"dated": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in FIELDS[:5]:
            if found.get(name) is not None and found[name] < 0:
                self.add_error(name, "A price is not negative.")
        return found

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise forms.ValidationError("Three letters, such as USD.")
        return currency


@require_safe
@requires(Right.CLUSTER)
def prices(request: Request) -> HttpResponse:
    return _page(request, PricesForm(initial=_initial()))


@require_POST
@requires(Right.CLUSTER)
def set_prices(request: Request) -> HttpResponse:
    """Adds a list; earlier ones stay, so that it can be told what an estimate stood on."""
    form = PricesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    form.instance.set_by = request.user
    made = form.save()
    record(request, "prices.set", kind="prices", ids=[str(made.pk)])
    return HttpResponseRedirect(reverse("cluster:prices"))


def _page(request: Request, form: PricesForm, *, status: int = 200) -> HttpResponse:
    earlier = list(PriceList.objects.select_related("set_by").order_by("-set_at", "-pk")[:20])
    context = {"form": form, "prices": prices_now(), "earlier": earlier, "example": EXAMPLE}
    return render_page(
        request, "cluster/prices.html", context, status=status, data=lambda: {"prices": prices_now()}
    )  # fmt: skip


def _initial() -> dict[str, Any]:
    now = prices_now()
    return {name: getattr(now, name) for name in FIELDS}
