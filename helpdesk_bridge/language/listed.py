"""Words a policy lists for what people tell beside an acceptance."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpdesk_bridge.language.kinds import Kind


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text as a set: lists of small words are read as people write them."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Asides:
    """Words a policy lists for asides, normalised."""

    acts: frozenset[str] = frozenset()
    """Finite verbs that tell of something done."""
    machines: frozenset[str] = frozenset()
    """Finite verbs of what a program or a document does, those of `works` and `breaks` included."""
    works: frozenset[str] = frozenset()
    """What it is there for: said plainly, nothing is wrong any more."""
    doing: frozenset[str] = frozenset()
    """Participles and gerunds of the same."""
    breaks: frozenset[str] = frozenset()
    """What goes wrong: denied, nothing is wrong any more."""
    amiss: frozenset[str] = frozenset()
    """What is said of something that went wrong."""
    verbs: frozenset[str] = frozenset()
    """Finite verbs that tell of a trouble or a state."""
    troubles: frozenset[str] = frozenset()
    """Beside one of these a noun nobody listed may stand after an article."""
    states: frozenset[str] = frozenset()
    standing: frozenset[str] = frozenset()
    """What is said of things that stand still; a noun and one of these is a headline."""
    words: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    """Nouns and qualities of programs, documents and work: what a story must be about before a "não" in it is taken for its own."""
    people: frozenset[str] = frozenset()
    """Where one of these stands, a machine's verb tells nothing by itself: people fail, close and open in other ways."""
    never: tuple[str, ...] = ()
    """Beginnings of nouns that speak of the deal, so that they are never taken for any noun."""
    names: frozenset[str] = field(default=frozenset(), repr=False)
    """First names."""
    kinds: tuple[Kind, ...] = field(default=(), repr=False)
    astray: frozenset[str] = field(init=False, repr=False)
    """Beside one of these what a program does is no good news."""
    listed: frozenset[str] = field(init=False, repr=False)
    """Every word a telling clause may have."""
    free: frozenset[str] = field(init=False, repr=False)
    """Every word that may have no force in the kind of its clause, alone or beside others."""

    def __post_init__(self) -> None:
        """Gather the words once."""
        every = self.acts | self.machines | self.doing | self.amiss | self.verbs
        every |= self.troubles | self.states | self.words | self.things
        object.__setattr__(self, "astray", self.amiss | self.breaks | (self.troubles - self.doing))
        object.__setattr__(self, "listed", every)
        object.__setattr__(self, "free", frozenset[str]().union(*(kind.words for kind in self.kinds if kind.freely)))
