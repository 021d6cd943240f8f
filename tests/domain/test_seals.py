"""Seals: any change of what they cover is seen, and any head leads to its root."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.domain.seals import FIRST, Head, proof_of, root_of, seal
from helpdesk_bridge.domain.values import DeskId, TicketId
from tests.domain.builders import NOON

HEADS = st.lists(
    st.builds(
        Head,
        desk=st.sampled_from([DeskId("a"), DeskId("b")]),
        ticket=st.integers(1, 99).map(lambda number: TicketId(str(number))),
        seq=st.integers(1, 50),
        hash=st.integers(0, 2**256 - 1).map("{:064x}".format),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda head: (head.desk, head.ticket),
)


@given(HEADS, st.randoms(use_true_random=False))
def test_a_seal_stands_whatever_order_its_heads_are_read_in(heads, random):
    made = seal(1, NOON, heads, FIRST)
    random.shuffle(heads)

    assert made.problems(heads, FIRST) == []


@given(HEADS, st.data())
def test_every_head_leads_to_the_root(heads, data):
    leaves = [head.leaf for head in heads]
    node = leaf = data.draw(st.sampled_from(leaves))
    for side, other in proof_of(leaves, leaf):
        node = sha256((other + node if side == "left" else node + other).encode()).hexdigest()

    assert node == root_of(leaves)


@given(HEADS, st.data())
def test_a_head_that_is_missing_added_or_another_is_seen(heads, data):
    made = seal(1, NOON, heads, FIRST)
    place = data.draw(st.integers(0, len(heads) - 1))
    others = heads[:place] + heads[place + 1 :]
    changed = replace(heads[place], seq=heads[place].seq + 1)

    for kept in (others, [*others, changed], [*heads, replace(changed, ticket=TicketId("0"))]):
        assert "seal 1 does not cover the heads that are kept with it" in made.problems(kept, FIRST)


def test_a_changed_seal_is_seen():
    made = seal(2, NOON, [Head(desk=DeskId("a"), ticket=TicketId("7"), seq=3, hash="0" * 64)], "1" * 64)
    for changed in (
        replace(made, number=3),
        replace(made, at=NOON + timedelta(microseconds=1)),
        replace(made, heads=2),
        replace(made, root="2" * 64),
        replace(made, previous="3" * 64),
        replace(made, hash="4" * 64),
    ):
        heads = [Head(desk=DeskId("a"), ticket=TicketId("7"), seq=3, hash="0" * 64)]
        assert any(
            problem.endswith("has a hash that does not match its content") for problem in changed.problems(heads, "1" * 64)
        )
    assert made.problems(heads, "5" * 64) == ["seal 2 does not follow the seal before it"]
