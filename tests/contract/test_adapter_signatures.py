"""Proofs that a delivery comes from the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk_bridge.adapters.signatures import check_shared_secret, check_timestamped_hmac
from helpdesk_bridge.adapters.zendesk import TEST_SECRET, Zendesk
from helpdesk_bridge.errors import Unauthentic

RECORDED = Path("../shared/data/payloads/zendesk/webhook_recorded_zenpy/user_deleted.body.raw")
BODY, SIGNATURE = b'{"id":"evt-1"}', "xeehV49glwLMVSu1mf2D7ovVeP/lWD/7mI6+QUj8mac="
SENT = "2023-09-18T23:38:13Z"
ANY_TEXT = st.text(st.characters(exclude_categories=[]))


def check(body: bytes, signature: str, *, secret: str = TEST_SECRET, sent: str = SENT, lag: timedelta = timedelta()) -> None:
    now = datetime(2023, 9, 18, 23, 38, 13, tzinfo=UTC) + lag
    check_timestamped_hmac(
        secrets=("the-next-one", secret),
        timestamp=sent,
        body=body,
        signature=signature,
        now=now,
        freshness=timedelta(minutes=5),
    )


def test_zendesk_signs_the_time_of_sending_and_the_raw_body_with_either_secret() -> None:
    check(BODY, SIGNATURE)


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded deliveries are not here")
def test_a_recorded_delivery_is_authentic_to_the_byte() -> None:
    body, signature = RECORDED.read_bytes(), "VCldPqtHdOD33FOkvZAhd0FbaSLroHT1nZn6kDYV48g="
    check(body, signature)
    with pytest.raises(Unauthentic):
        check(body.rstrip(), signature)


def test_the_older_order_of_body_and_time_is_refused() -> None:
    secret, signature = "HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=", "tRDSF7URY8BLCDlaBcQ7FHu051Zk+aAB0NKMP53teMw="
    at = datetime(2021, 7, 25, 10, tzinfo=UTC)
    with pytest.raises(Unauthentic):
        check(b'{"say": "hello"}', signature, secret=secret, sent="2021-07-25T10:00:00Z", lag=at - datetime.fromisoformat(SENT))


@pytest.mark.parametrize("lag", [timedelta(minutes=5), timedelta(minutes=-5)])
def test_a_signature_is_good_for_five_minutes_either_way(lag: timedelta) -> None:
    check(BODY, SIGNATURE, lag=lag)
    with pytest.raises(Unauthentic):
        check(BODY, SIGNATURE, lag=lag * 1.01)


@example(stamp="\ud83d", signature="\x00\ud800", body=b"")
@given(stamp=ANY_TEXT, signature=ANY_TEXT, body=st.binary(max_size=20))
def test_any_header_is_refused_and_none_crashes(stamp: str, signature: str, body: bytes) -> None:
    with pytest.raises(Unauthentic):
        check(body, signature, sent=stamp)
    with pytest.raises(Unauthentic):
        check_shared_secret(secrets=("a-secret-of-ours",), given=signature)


def test_the_test_secret_that_zendesk_publishes_is_refused_in_the_settings() -> None:
    told = {"subdomain": "x", "token": "t", "bot_user_id": "9", "webhook_secrets": ["good-secret", TEST_SECRET]}
    assert "published test secret" in str(Zendesk.Settings().validate(told)["webhook_secrets"])
