"""What a story pays for what the evidence does not say."""

from typing import Final

UNKNOWN_WRITE: Final = 2.0  # a write that nothing stored explains
OLDER_BASE: Final = 1.0  # a tool that worked on a value which another agent had replaced meanwhile
NO_EFFECT: Final = 1.5  # a success that changed nothing though it could not have succeeded
SUSPECT_WROTE: Final = 0.8  # a custom tool that wrote; less than a write without any cause
ERROR_WROTE: Final = 0.3  # a patch that reported an error after its first operations
COPY_WROTE: Final = (
    0.5  # an isolated copy that was written though it became equal to the agent's block
)
UNTOLD_WRITE: Final = 0.9  # a write that the version counter knows and the story does not tell
OVERTOLD: Final = 3.0  # a write more than the version counter knows
OLD_SIGHT: Final = 2.1  # a prompt that shows an older value than it should
OLD_FRESH_SIGHT: Final = 2.6  # the same where each step compiles its prompt
OLDER_THAN_READ: Final = 0.3  # a prompt that may be older than everything that was read
OLD_SIGHT_EXPECTED: Final = 1.6  # the same where the calls already account for every write
ALREADY_LAST: Final = 1.5  # a write after the call that the row's own stamp says was the last
STAMPED_LATER: Final = (
    1.3  # the last call's value still there though the row's stamp says that it was written later
)
FILL_STEP: Final = 0.01  # an unknown value learned for an earlier node than the last possible one
HIDDEN_STEP: Final = 0.05  # likewise for a hidden write before an earlier call
