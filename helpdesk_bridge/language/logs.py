"""Logs, stack traces and dumps pasted into tickets: recognised line by line, so that they are not read as prose."""

from __future__ import annotations

import re

from helpdesk_bridge.domain.values import Span

_LINE = re.compile(r"[^\n]+")
_TRACE = re.compile(
    r"\s*(?:"
    r"THREAD ERROR\b|Called from\b|Remark\.?:|\[(?:build|environment|thread|INFO|WARN|ERROR|DEBUG|FATAL)\b"
    r"|(?:at|em) [\w$.<>]+\(.*\)|Traceback \(|File \"[^\"]+\", line \d+|Caused by:|\tat "
    r"|-{3} ?[A-Z ]+ ?-{3}|PUBLIC |PRIVATE |STATIC |LOCAL |SELECT |INSERT INTO |UPDATE \w+ SET |DELETE FROM |WHERE "
    r"|<\??/?[\w:]+[^>]*>.*|Chave: ?[\d ]{30,}|Protocolo:|xMotivo:|cStat:|TOPCONN |TCLINK|ODBC|ORA-\d+|Exception\b"
    r"|\[?\d{2,4}[/-]\d{2}[/-]\d{2,4}[ T@]\d{2}:\d{2}:\d{2}|\*\* ?(?:FIND|Unable|Invalid)\b"
    r")",
    re.IGNORECASE,
)
_CODE = re.compile(r"[{}\[\]|=<>\\_:;]|\b[A-Z_]+[\d_][A-Z\d_]+\b|\bline ?: ?\d+")
_PROSE = re.compile(r"\b[^\W\d_]{2,}\b")
_CODE_SHARE = 0.4


def log_spans(text: str) -> list[Span]:
    """Return the lines that a machine wrote: traces, dumps, SQL, XML, and lines with more code than words."""
    return [Span(*line.span()) for line in _LINE.finditer(text) if _is_log(line.group())]


def _is_log(line: str) -> bool:
    if _TRACE.match(line):
        return len(_PROSE.findall(line)) < 12 or line.lstrip().lower().startswith(("called from", "thread error"))
    prose = len(_PROSE.findall(line))
    code = len(_CODE.findall(line))
    return code >= 4 and code >= _CODE_SHARE * (code + prose) and prose < code
