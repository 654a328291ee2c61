"""What the listings of this feature may be narrowed by; every form answers a wrong value beside its field."""

from django import forms

from agents_app.letta.agent_conditions import AgentFilter
from agents_app.ui.filterforms import NameForm
from agents_app.ui.formfields import HIDDEN, SearchField
from agents_app.ui.widgets import QuickSelect


class AgentForm(forms.Form):
    """The filter bar over the agents; what Letta stores is open, so any value may be typed."""

    q = SearchField("Name or id")
    organization = forms.CharField(label="Organization", required=False, max_length=100)
    type = forms.CharField(label="Type", required=False, max_length=60)
    model = forms.CharField(label="Model", required=False, max_length=200)
    tag = forms.CharField(label="Tag", required=False, max_length=200)
    hidden = forms.ChoiceField(label="Hidden", required=False, choices=HIDDEN, widget=QuickSelect)
    stop_reason = forms.CharField(label="Last stop reason", required=False, max_length=100)

    def conditions(self) -> AgentFilter:
        """The fields that are valid; the others narrow nothing and show their error."""
        self.is_valid()
        return AgentFilter(**{name: value for name, value in self.cleaned_data.items() if value})

    def offer(self, name: str, options: list[tuple[str, str]]) -> None:
        """Turns a text field into a select of what is known, keeping a value that is in force."""
        held = str(self.data.get(name, ""))
        if held and held not in dict(options):
            options = [(held, held), *options]
        self.fields[name].widget = QuickSelect(choices=[("", "Any"), *options])
        self.fields[name].choices = options  # type: ignore[attr-defined]

    def leave_out(self, name: str) -> None:
        """Drops a field whose column this release lacks."""
        del self.fields[name]


TOOL_TYPES = (
    "custom",
    "letta_core",
    "letta_memory_core",
    "letta_multi_agent_core",
    "letta_sleeptime_core",
    "letta_voice_sleeptime_core",
    "letta_builtin",
    "letta_files_core",
    "external_mcp",
    "external_langchain",
    "external_composio",
)


class ToolForm(NameForm):
    """Tools also by type; an unknown one may stand in the address."""

    type = forms.CharField(
        label="Type",
        required=False,
        max_length=60,
        widget=QuickSelect(
            choices=[("", "Any"), *((name, name.replace("_", " ")) for name in TOOL_TYPES)]
        ),
    )
