"""A small word of one language is no doubt of another."""

import pytest

from helpdesk_bridge.language.text import normalise
from helpdesk_bridge.language.tongues import rightly_heard
from helpdesk_bridge.policy import load_policy

POLICY = load_policy()


def _kept(text: str, identity: str) -> bool:
    normal = normalise(text)
    spoken = POLICY.lexicon.heard(normal).spoken
    assert any(phrase.id == identity for phrase, _span in spoken), "nothing is heard at all"
    return any(phrase.id == identity for phrase, _span in rightly_heard(text, normal, spoken))


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("Aceptamos el término, se cuelga la pantalla", "pt.condition"),
        ("Acepto el término del cliente más grande", "pt.condition"),
        ("Aceptamos el término correspondiente al caso 48213, autorizando su facturación", "pt.conditional"),
        ("We accept the term, so Portuguese is fine", "pt.condition"),
        ("We accept the term even if it is a product defect", "en.condition"),
    ],
)
def test_what_another_language_hears_is_left_out(text, identity):
    assert _kept(text, identity) is False


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("Acepto el término se o valor cair", "pt.condition"),
        ("Aceito o termo se for hoje", "pt.condition"),
        ("Aceito, mas só hoje", "pt.condition"),
        ("We accept the term if it is a product defect", "en.condition"),
    ],
)
def test_a_doubt_in_its_own_language_stays(text, identity):
    assert _kept(text, identity) is True
