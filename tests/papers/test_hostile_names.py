"""Whatever people are called, a statement can be written down, and a spreadsheet runs none of it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from helpdesk_bridge.domain.statements import Period, close
from helpdesk_bridge.domain.values import Language, Organization
from helpdesk_bridge.papers.account import Account
from helpdesk_bridge.papers.as_data import as_json
from helpdesk_bridge.papers.as_pdf import as_pdf
from helpdesk_bridge.papers.as_table import as_csv
from helpdesk_bridge.policy.vocabulary import Vocabulary
from tests.domain.charges import CNPJ, a_term, an_entry, candidate
from tests.policy.site import shipped

ANYTHING = st.lists(st.characters(codec="utf-8") | st.just("\ud83d"), max_size=60).map("".join)


def an_account(name: str, consultant: str, ticket: str, language: Language) -> Account:
    """Build the account of one engagement whose names are these."""
    rules = shipped().rules
    term = a_term(entries=(an_entry(1, 30, consultant=consultant),))
    told = candidate(term, ticket=ticket, organization=Organization(id="9", name=name, tax_id=CNPJ))
    (statement,) = close(Period(2026, 10), [told], rules.calendar).statements
    return Account(
        statement=statement,
        rules=rules,
        words=Vocabulary(shipped().wording.sources, language),
        number=1,
        digest="0" * 64,
        closed_at=datetime(2026, 11, 4, tzinfo=UTC),
        people={statement.lines[0].key: name},
    )


@settings(max_examples=60, deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING.filter(bool), st.sampled_from(list(Language)))
def test_any_name_can_stand_on_every_paper(name: str, consultant: str, ticket: str, language: Language) -> None:
    account = an_account(name, consultant, ticket, language)

    assert len(PdfReader(io.BytesIO(as_pdf(account))).pages) >= 1
    assert json.loads(as_json(account))["organization"] in (name.replace("\ud83d", "?"), "9")
    assert as_csv(account)


@given(
    ANYTHING, st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"]), st.sampled_from(list(Language))
)
def test_no_cell_begins_like_a_formula(rest: str, danger: str, language: Language) -> None:
    account = an_account(danger + rest, danger, danger, language)
    delimiter = "," if language is Language.EN else ";"
    rows = csv.reader(io.StringIO(as_csv(account).decode("utf-8-sig"), newline=""), delimiter=delimiter)

    assert [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))] == []


def test_a_name_that_is_too_long_is_cut_with_an_ellipsis() -> None:
    account = an_account("Metalúrgica " * 30, "Ana", "7", Language.PT)
    account = replace(account, statement=replace(account.statement, organization="Metalúrgica " * 30))

    assert "…" in PdfReader(io.BytesIO(as_pdf(account))).pages[0].extract_text()
