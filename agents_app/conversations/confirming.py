"""Whether a row that SQL took for a candidate really meets the filters, decided on its decoded text."""

from collections.abc import Sequence

from agents_app.conversations.filters import Narrowed
from agents_app.conversations.queries.bodies import bodies
from agents_app.conversations.threads import Key
from agents_app.conversations.turns import Said, read
from agents_app.letta.reading.withheld import is_withheld
from agents_app.revisions.effects import effects
from agents_app.text.masking.policy import searchable
from agents_app.text.search import contains

SEARCHED = 262_144


class Confirm:
    """Given keys, the ids of those rows that meet the filters. Prompts that may not be read are never found."""

    def __init__(
        self, narrowed: Narrowed, agent_id: str, *, agent_type: str | None, prompts: bool
    ) -> None:
        self.narrowed, self.agent_id = narrowed, agent_id
        self.agent_type, self.prompts = agent_type, prompts

    def __call__(self, keys: Sequence[Key]) -> set[str]:
        ids = [key.id for key in keys]
        if self.narrowed.memory:
            ids = list(dict.fromkeys(row for row, _ in effects(self.agent_id, ids)))
        if not (self.narrowed.q or self.narrowed.tool or self.narrowed.errors):
            return set(ids)
        found = read(list(bodies(ids, head=SEARCHED).values()), agent_type=self.agent_type)
        return {said.id for said in found if self._fits(said)}

    def _fits(self, said: Said) -> bool:
        reading, narrowed = said.reading, self.narrowed
        if is_withheld(reading, prompts=self.prompts):
            return False
        if narrowed.tool and not self._uses(said):
            return False
        if narrowed.errors and not (
            reading.is_err or any(one.status == "error" for one in reading.returns)
        ):
            return False
        return not narrowed.q or contains(searchable(reading.search_text()), narrowed.q)

    def _uses(self, said: Said) -> bool:
        wanted = self.narrowed.tool
        return said.row["name"] == wanted or any(call.name == wanted for call in said.reading.calls)
