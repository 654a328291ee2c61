"""Texts and values as hostile as a database can hold."""

from typing import Any

from hypothesis import strategies as st

any_character = st.characters(exclude_categories=())
_CONTROLS = "".join(map(chr, range(0x20))) + "\x7f\x9b"
_DRAW_NOTHING = "\u00ad\u200b\u200d\u202e\u2066\u3164\ufe0f\U000e0041\U000e0101\u0301\u00a0"
_NO_CHARACTERS = "\ud83d\udc00\uffff\ue000"
invisible = st.sampled_from(_CONTROLS + _DRAW_NOTHING + _NO_CHARACTERS)
hostile_text = st.text(
    st.one_of(any_character, invisible, st.sampled_from("<>&\"'`{}[]\\=+-@👩🏴अم"))
)
json_scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), hostile_text)
json_values: st.SearchStrategy[Any] = st.recursive(
    json_scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(hostile_text, inner, max_size=5)
    ),
    max_leaves=20,
)
