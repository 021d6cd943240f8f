"""The files of one dossier: the same evidence for machines, for a browser and for paper."""

from __future__ import annotations

from helpdesk_bridge.domain.dossier import Dossier
from helpdesk_bridge.domain.rules import Rules
from helpdesk_bridge.papers.evidence_html import as_html
from helpdesk_bridge.papers.evidence_lines import as_lines
from helpdesk_bridge.papers.evidence_page import Page
from helpdesk_bridge.papers.evidence_pdf import as_pdf
from helpdesk_bridge.policy.vocabulary import Vocabulary


def as_files(dossier: Dossier, rules: Rules, words: Vocabulary) -> dict[str, bytes]:
    """Write a dossier in every form, by file name."""
    page = Page(dossier=dossier, rules=rules, words=words)
    return {"evidence.jsonl": as_lines(dossier), "evidence.html": as_html(page), "evidence.pdf": as_pdf(page)}
