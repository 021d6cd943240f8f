"""Structured logs on standard error: one event, its fields, never a body or a secret."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from helpdesk_bridge.settings import LogSettings


def configure_logging(settings: LogSettings) -> None:
    """Write JSON lines, or coloured ones for people at a console."""
    people = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    renderer = people if settings.format == "console" else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
