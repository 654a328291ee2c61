"""Files of stored text as it is: whole for whoever may see everything, else masked and named so."""

from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator

from agents_app.text.masking import policy


def masked_name(name: str) -> str:
    """The file's name; of a masked one it says that."""
    return f"{name}-masked" if policy.masks() else name


def masked_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes as they are, or masked by the policy in force; memory stays bounded."""
    if not policy.masks():
        yield from pieces
        return
    for text in policy.streamed(_decoded(pieces)):
        yield text.encode("utf-8", "replace")


def _decoded(pieces: Iterable[bytes]) -> Iterator[str]:
    decoder = getincrementaldecoder("utf-8")("replace")
    for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)
