"""HTTP to desks: the one place that knows requests, and that says what a failure means for the worker."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter

from helpdesk_bridge.adapters.scrub import sayable
from helpdesk_bridge.errors import BridgeError, Gone, Permanent, Refused, Retryable, Uncertain

MAX_ANSWER = 32 * 1024 * 1024
"""Bytes; a longer answer is not a ticket."""

LONGEST_WAIT = 900.0
"""Seconds; what a desk asks for beyond that is tried earlier."""

LONGEST_ANSWER = 30.0
"""Seconds; a desk that drips its answer holds a worker no longer."""

_RESET_HEADERS = ("retry-after", "ratelimit-reset", "rate-limit-reset", "x-rate-limit-reset")
_SPENT = re.compile(r"remaining=0\b.*?resets=(\d+)")

RENEWAL_WAIT = 60.0
"""Seconds between tries while a desk refuses our credentials: it heals when they are renewed, and nothing is lost."""


class DeskClient:
    """Calls one desk's API as JSON. Safe to use from several threads: each has its own connections."""

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str],
        connect_timeout: float = 5.0,
        read_timeout: float = 20.0,
    ) -> None:
        self.base_url = base_url.rstrip("/") + "/"
        self._headers = {"Accept": "application/json", "User-Agent": "helpdesk-bridge", **headers}
        self._timeout = (connect_timeout, read_timeout)
        self._local = threading.local()

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Any:
        """Read. Nothing can have happened, so every passing failure is Retryable."""
        return self._call("GET", path, params=params)

    def write(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """Write once. A failure after the request left is Uncertain: the desk may have done it."""
        return self._call(method, path, body=body)

    def _call(
        self, method: str, path: str, *, params: Mapping[str, str | int] | None = None, body: Mapping[str, Any] | None = None
    ) -> Any:
        reading, deadline = method == "GET", time.monotonic() + LONGEST_ANSWER
        try:
            answer = self._session().request(
                method,
                self._url(path),
                params=params,
                json=sayable(body),
                headers=self._headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            )
            with answer:
                content = _content(answer, deadline)
        except requests.RequestException as error:
            raise _unanswered(error, reading=reading) from None
        if answer.status_code < 300:
            return _json(answer, content, reading=reading)
        raise _meaning(answer, content, reading=reading)

    def _url(self, path: str) -> str:
        url = urljoin(self.base_url, path)
        if urlsplit(url)[:2] != urlsplit(self.base_url)[:2]:
            raise Permanent("the desk points to another host")
        return url

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=0, pool_maxsize=4))
            self._local.session = session
        return session


@contextmanager
def understood(otherwise: type[BridgeError]) -> Iterator[None]:
    """Read a desk's answer: one of another shape than documented raises ``otherwise`` with a sentence, and is no crash."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise otherwise(f"the desk's answer cannot be understood ({type(error).__name__}: {str(error)[:100]})") from error


def _content(answer: requests.Response, deadline: float, largest: int = MAX_ANSWER) -> bytes:
    content = b""
    for chunk in answer.iter_content(65536):
        content += chunk
        if len(content) > largest:
            raise requests.exceptions.ContentDecodingError("the answer is too long")
        if time.monotonic() > deadline:
            raise requests.exceptions.ReadTimeout("the answer takes too long")
    return content


def _unanswered(error: requests.RequestException, *, reading: bool) -> BridgeError:
    """Say what a call without an answer means. The library's own text is left out: it may hold the URL."""
    kind = type(error).__name__
    if reading or _never_left(error):
        return Retryable(f"the desk does not answer ({kind})")
    return Uncertain(f"the desk did not say whether it was done ({kind})")


def _never_left(error: requests.RequestException) -> bool:
    """True when no connection was made, so that the desk cannot have heard us."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _json(answer: requests.Response, content: bytes, *, reading: bool) -> Any:
    if not content:
        return None
    try:
        return sayable(json.loads(content))
    except (ValueError, RecursionError):
        message = f"the desk answered {answer.status_code} with something that is not JSON"
        raise (Retryable if reading else Uncertain)(message) from None


def _meaning(answer: requests.Response, content: bytes, *, reading: bool) -> BridgeError:
    """Say what an error status means for the worker."""
    status, after = answer.status_code, _asked_wait(answer.headers)
    match status:
        case 401:
            return Retryable("the desk refuses our credentials (401)", after=RENEWAL_WAIT)
        case 408 | 409 | 425 | 429:
            return Retryable(f"the desk asks to try again ({status})", after=after)
        case 503 if reading or after is not None:
            return Retryable("the desk is not available (503)", after=after)
        case _ if status >= 500:
            return Retryable(f"the desk failed ({status})") if reading else Uncertain(f"the desk failed ({status})")
        case 404 | 410:
            return Gone(f"the desk does not have this ({status}): {_excerpt(content)}")
        case 403:
            return Permanent(f"the desk does not give us this ({status}): {_excerpt(content)}")
        case _ if status < 400:
            return Permanent(f"the desk sends us elsewhere ({status}): its address in the settings is not the right one")
        case _:
            return Refused(f"the desk refuses ({status}): {_excerpt(content)}")


def _excerpt(content: bytes) -> str:
    return " ".join(content[:300].decode("utf-8", "replace").split())


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a desk asks for, in any spelling that was seen: Zendesk has had five."""
    plain = (retry_after(headers.get(name)) for name in _RESET_HEADERS)
    spent = (match for name, value in headers.items() if "rate" in name.lower() and (match := _SPENT.search(value)))
    return next((wait for wait in plain if wait is not None), next((retry_after(match[1]) for match in spent), None))


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds a ``Retry-After`` asks for, as a number or a date, within reason; None when it says nothing."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - (now or datetime.now(UTC))).total_seconds()
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT) if seconds == seconds else None


def read_address(url: str, largest: int) -> bytes:
    """Read what an address of the policy holds, up to a size, following nothing. Raises: Retryable, Permanent."""
    deadline = time.monotonic() + LONGEST_ANSWER
    try:
        with requests.get(url, timeout=(5.0, 10.0), allow_redirects=False, stream=True) as answer:
            content = _content(answer, deadline, largest)
    except requests.RequestException as error:
        raise Retryable(f"no answer ({type(error).__name__})") from None
    if answer.status_code != 200:
        raise Permanent(f"the address answers {answer.status_code}")
    return content


def post_recorded(raw: bytes, base_url: str) -> tuple[int, str]:
    """Post a recorded request (``*.http``: request line, headers, empty line, body) at a server; return status and body."""
    head, _, body = raw.partition(b"\r\n\r\n") if b"\r\n\r\n" in raw else raw.partition(b"\n\n")
    lines = head.decode("latin-1").splitlines()
    method, target = lines[0].split()[:2]
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    headers = {name: value for name, value in headers.items() if name.lower() not in ("host", "content-length", "connection")}
    url = urljoin(base_url, target)
    try:
        answer = requests.request(method, url, data=body, headers=headers, timeout=30, allow_redirects=False)
    except requests.RequestException as error:
        raise Retryable(f"no answer from {base_url} ({type(error).__name__})") from None
    return answer.status_code, answer.text.strip()
