"""What every adapter keeps to, whatever the product: one suite over every folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk_bridge.adapters import adapter_of, products
from helpdesk_bridge.domain.events import Hint
from helpdesk_bridge.errors import ParseError, Unauthentic
from tests.contract.recorded_requests import FOLDER, Recorded, fixture_desk, recorded_requests

REQUESTS = recorded_requests()
UNDERSTOOD = [request for request in REQUESTS if "hint" in request.expected]
PRODUCTS = sorted(products())
MATRIX = Path(__file__).parents[2] / "docs" / "adapters.md"
ANY_TEXT = st.text(st.characters(exclude_categories=[]))
"""Halves of surrogate pairs and NUL, too."""
KEYS = ("ticket", "ticket_id", "comment_id", "event", "id", "followup_id", "comments", "subject", "type", "zendesk_event_version")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT | st.sampled_from(["7", "zen:ticket:7"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | ANY_TEXT, inner, max_size=6),
    max_leaves=12,
)
ODD: tuple[object, ...] = (None, [], "0", -1, {}, True, 10**40, "a\x00b", "\ud800", "palavras\ncom quebra", "x" * 5000)
any_request = pytest.mark.parametrize("request_", REQUESTS, ids=str)
any_product = pytest.mark.parametrize("product", PRODUCTS)


def test_every_folder_is_a_product() -> None:
    assert sorted(folder.parent.name for folder in FOLDER.glob("*/__init__.py")) == PRODUCTS


def test_an_unknown_product_is_refused_with_the_known_ones() -> None:
    with pytest.raises(LookupError, match="no adapter for 'lotus_notes'; known: console, django_helpdesk, zendesk"):
        adapter_of("lotus_notes")


@any_product
def test_a_product_has_a_guide_and_requests_both_good_and_bad(product: str) -> None:
    kinds = {"hint" in request.expected for request in REQUESTS if request.product == product}
    assert ({True, False}, True) == (kinds, (FOLDER / product / "README.md").exists())


@any_product
def test_every_setting_is_explained_in_the_guide(product: str) -> None:
    guide = (FOLDER / product / "README.md").read_text()
    assert [name for name in adapter_of(product).Settings().fields if f"`{name}`" not in guide and f" {name}:" not in guide] == []


@any_product
def test_an_unknown_setting_is_refused(product: str) -> None:
    assert adapter_of(product).Settings().validate({"colour": "blue"})["colour"] == ["Unknown field."]


@any_request
def test_a_recorded_request_is_authentic(request_: Recorded) -> None:
    fixture_desk(request_.product).verify(request_.delivery)


@any_request
def test_a_recorded_request_means_what_is_expected(request_: Recorded) -> None:
    desk, expected = fixture_desk(request_.product), request_.expected
    if "parse_error" in expected:
        with pytest.raises(ParseError) as caught:
            desk.parse(request_.delivery)
        assert expected["parse_error"] == str(caught.value)
    else:
        hint = Hint(desk=request_.delivery.desk, at=request_.delivery.received_at, **expected["hint"])
        assert hint == desk.parse(request_.delivery)


@any_request
def test_the_same_request_names_the_same_fact_again(request_: Recorded) -> None:
    if "hint" in request_.expected:
        again = fixture_desk(request_.product)
        assert again.parse(request_.delivery).identity == fixture_desk(request_.product).parse(request_.delivery).identity


@pytest.mark.parametrize("request_", [one for one in REQUESTS if one.product == "zendesk"], ids=str)
def test_a_single_changed_byte_of_a_signed_body_is_refused(request_: Recorded) -> None:
    body = request_.delivery.body
    for place in (0, len(body) // 2, len(body) - 1):
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        with pytest.raises(Unauthentic):
            fixture_desk("zendesk").verify(replace(request_.delivery, body=changed))


@any_request
def test_without_its_proof_a_request_is_refused_and_nobody_learns_why(request_: Recorded) -> None:
    bare = replace(request_.delivery, headers=(), path="")
    with pytest.raises(Unauthentic) as caught:
        fixture_desk(request_.product).verify(bare)
    assert str(caught.value) == Unauthentic.__doc__


@any_product
@example(header="\ud83d", path="\udfff", body=b"{}")
@given(header=ANY_TEXT, path=ANY_TEXT, body=st.binary(max_size=40))
def test_a_verifier_is_total_on_any_header(product: str, header: str, path: str, body: bytes) -> None:
    given_ = next(request.delivery for request in REQUESTS if request.product == product)
    garbage = tuple((name, header) for name, _ in given_.headers)
    with pytest.raises(Unauthentic):
        fixture_desk(product).verify(replace(given_, headers=garbage, path=f"x{path}", body=body))


@any_product
@given(body=st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_posted_is_a_hint_or_a_parse_error(product: str, body: bytes) -> None:
    desk = fixture_desk(product)
    given_ = next(request.delivery for request in REQUESTS if request.product == product)
    try:
        hint = desk.parse(replace(given_, body=body))
    except ParseError as error:
        assert str(error)
    else:
        assert _can_be_kept(hint)


@any_product
@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"ticket":' * 50_000, b"\xff\xfe", b'{"ticket_id": "1e9"}', b"", b"null"])
def test_hostile_json_is_a_parse_error(product: str, body: bytes) -> None:
    given_ = next(request.delivery for request in REQUESTS if request.product == product)
    with pytest.raises(ParseError):
        fixture_desk(product).parse(replace(given_, body=body))


@pytest.mark.parametrize("request_", UNDERSTOOD, ids=str)
def test_a_field_taken_away_never_crashes_the_parser(request_: Recorded) -> None:
    whole = json.loads(request_.delivery.body)
    for name in whole:
        for value in ODD:
            body = json.dumps({**whole, name: value}).encode()
            try:
                hint = fixture_desk(request_.product).parse(replace(request_.delivery, body=body))
            except ParseError as error:
                assert str(error)
            else:
                assert _can_be_kept(hint)


def test_the_documented_matrix_says_what_each_adapter_can_do() -> None:
    rows = {cells[0]: cells[1:] for line in MATRIX.read_text().splitlines() if (cells := _cells(line))}
    assert {f"`{product}`": _row(product) for product in PRODUCTS} == {name: rows[name] for name in rows if name.startswith("`")}


def _can_be_kept(hint: Hint) -> bool:
    """True when the store and the log can hold what a delivery named."""
    return all(0 < len(text) < 256 and text.isascii() and text.isprintable() for text in (hint.ticket, hint.identity, hint.kind))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []


def _row(product: str) -> list[str]:
    can = adapter_of(product).capabilities
    known = [can.webhook_retries, can.tags, can.fields, can.find, can.edits, can.time_entries]
    return [can.signature, *("yes" if one else "no" for one in known), can.rate_limit or "none", can.markup]
