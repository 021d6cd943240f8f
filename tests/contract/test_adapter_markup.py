"""From our Markdown to what desks show, and back to the reference that names a comment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_bridge.adapters.base import reference_in
from helpdesk_bridge.adapters.markup import html_of, neutralise, text_of
from helpdesk_bridge.domain.values import Language
from helpdesk_bridge.policy import load_policy
from helpdesk_bridge.policy.samples import SAMPLES

POLICY = load_policy()
PLACEHOLDERS = ("{{", "{%", "{#", "%}")
BRACES = st.text(st.sampled_from("{}%#ab &\\\n*<"), max_size=30)


@given(BRACES)
def test_no_placeholder_survives(text: str) -> None:
    for shown in (neutralise(text), html_of(text), text_of(text)):
        assert not any(mark in shown for mark in PLACEHOLDERS)


@given(BRACES)
def test_breaking_placeholders_changes_nothing_people_see(text: str) -> None:
    assert neutralise(text).replace("\u200b", "") == text


def test_html_is_shown_and_not_obeyed() -> None:
    assert html_of("<img src=x onerror=alert(1)> **oi**") == "<p>&lt;img src=x onerror=alert(1)&gt; <strong>oi</strong></p>"
    assert "href" not in html_of("[x](javascript:alert(1))")


def test_plain_text_reads_well() -> None:
    text = text_of("**Termo**\n\n- um\n- [dois](https://x.example/?a=1&b=2)\n\n> citado\n\n---\n\nfim")
    assert text == "Termo\n\n- um\n- dois (https://x.example/?a=1&b=2)\n\ncitado\n\nfim"


def test_the_last_reference_names_the_comment_and_others_are_only_mentioned() -> None:
    """A receipt names the term's reference in its words and its own in the footer."""
    assert reference_in("Termo: versão 2026-01, referência HB-AAAAAA\n\n---\n\nComentário automático. HB-BBBBBB") == "HB-BBBBBB"
    assert reference_in("Aceito o termo.") is None
    assert reference_in("HB-aaaaaa HB-AAAAA1 XHB-AAAAAA HB-AAAAAAA") is None


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("template", sorted(SAMPLES))
def test_every_comment_of_ours_is_known_by_its_own_reference(template: str, language: Language) -> None:
    """Also those that mention a term's reference, in whatever form a desk gives them back."""
    variables = {**SAMPLES[template], "rule": "CS-03", "reference": "HB-BBBBBB"}
    said = POLICY.wording.comment(template, language, variables)
    assert reference_in(said) == reference_in(text_of(said)) == reference_in(html_of(said)) == "HB-BBBBBB"
