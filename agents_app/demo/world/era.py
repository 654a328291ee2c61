"""What changed between the described releases in the shape of rows, not in the tables."""

from dataclasses import dataclass

from agents_app.demo.releases import RELEASES

_TYPES_SINCE = {
    "memgpt_agent": "0.6.54",
    "sleeptime_agent": "0.6.54",
    "memgpt_v2_agent": "0.8.17",
    "react_agent": "0.8.17",
    "workflow_agent": "0.8.17",
    "voice_convo_agent": "0.8.17",
    "voice_sleeptime_agent": "0.8.17",
    "letta_v1_agent": "0.13.0",
}


@dataclass(frozen=True, slots=True)
class Era:
    """The habits of one release's server."""

    release: str

    def since(self, release: str) -> bool:
        return RELEASES.index(self.release) >= RELEASES.index(release)

    @property
    def packs_user_text(self) -> bool:
        """The classic loop stored user input inside a JSON envelope (up to 0.8.1)."""
        return not self.since("0.8.17")

    @property
    def has_traces(self) -> bool:
        """`provider_traces` exists from 0.7.21 on."""
        return self.since("0.8.17")

    @property
    def signs_parts(self) -> bool:
        """Text parts carry a `signature` key (0.12+); tool returns their id and body, too."""
        return self.since("0.13.0")

    @property
    def has_runs(self) -> bool:
        """Requests are `runs` (0.12+); before, they are `jobs` of type run."""
        return self.since("0.13.0")

    @property
    def has_conversations(self) -> bool:
        return self.since("0.16.8")

    @property
    def has_approvals(self) -> bool:
        return self.since("0.11.7")

    @property
    def lists_approvals(self) -> bool:
        """Approvals are an array on the row (0.13+) instead of three columns."""
        return self.since("0.13.0")

    @property
    def returns_values(self) -> bool:
        """Memory tools return the whole new block value (0.16.5+)."""
        return self.since("0.16.8")

    @property
    def keeps_prompt_for_turn(self) -> bool:
        """Later requests of a turn still carry the prompt of its start (0.16.5+)."""
        return self.since("0.16.8")

    @property
    def old_argument(self) -> str:
        return "old_string" if self.since("0.16.8") else "old_str"

    @property
    def new_argument(self) -> str:
        return "new_string" if self.since("0.16.8") else "new_str"

    @property
    def block_limit(self) -> int:
        """Default limit of a new block in characters."""
        if self.since("0.16.8"):
            return 100_000
        return 20_000 if self.since("0.11.7") else 5_000

    def agent_type(self, wanted: str) -> str:
        """The wanted type, or the generation's usual one where it did not exist yet."""
        if self.since(_TYPES_SINCE[wanted]):
            return wanted
        if wanted == "letta_v1_agent" and self.since("0.8.17"):
            return "memgpt_v2_agent"
        return "sleeptime_agent" if wanted == "voice_sleeptime_agent" else "memgpt_agent"

    def numbers_lines(self, agent_type: str, endpoint: str) -> bool:
        """Whether the prompt shows block values with line numbers to this type of agent."""
        if self.since("0.13.0"):
            return endpoint == "anthropic" and agent_type != "memgpt_agent"
        if agent_type == "sleeptime_agent":
            return True
        return self.since("0.8.17") and agent_type == "memgpt_v2_agent"
