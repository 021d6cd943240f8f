"""Evidence as one HTML page that needs nothing else; whatever anybody wrote is text in it and nothing more."""

from __future__ import annotations

from html import escape

from helpdesk_bridge.papers.evidence_page import Block, Facts, Heading, Page, Remark, Table, Verbatim

_STYLE = """
:root{color-scheme:light}
body{margin:0 auto;max-width:60rem;padding:2.5rem 1.5rem;font:15px/1.5 Lato,system-ui,-apple-system,"Segoe UI",sans-serif;color:#1f2937}
header{border-bottom:3px solid #0f4c5c;padding-bottom:.8rem;margin-bottom:1.4rem}
h1{margin:0;font-size:1.9rem;color:#0f4c5c}
header p{margin:.2rem 0 0;color:#6b7280}
h2{margin:2.4rem 0 .8rem;padding:.4rem .8rem;background:#f3f6f9;border-left:4px solid #0f4c5c;font-size:1.15rem;color:#0f4c5c}
h3{margin:1.5rem 0 .5rem;font-size:1rem}
dl{display:grid;grid-template-columns:minmax(9rem,15rem) 1fr;gap:.25rem 1rem;margin:.6rem 0}
dt{color:#6b7280}
dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}
figure{margin:.9rem 0}
figcaption{font-size:.82rem;color:#6b7280;overflow-wrap:anywhere;margin-bottom:.25rem}
pre{margin:0;padding:.8rem 1rem;border:1px solid #d1d5db;border-radius:6px;font:inherit;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th{text-align:left;color:#6b7280;font-weight:600;font-size:.8rem}
th,td{padding:.25rem .5rem .25rem 0;border-bottom:1px solid #d1d5db;vertical-align:top;overflow-wrap:anywhere}
table.dense{font-size:.76rem}
table.dense td:last-child{font-family:ui-monospace,monospace}
.warning{color:#991b1b;font-weight:600}
@media print{body{max-width:none;padding:0}h2,h3,figcaption{break-after:avoid}tr{break-inside:avoid}}
"""


def as_html(page: Page) -> bytes:
    """Write a dossier as HTML."""
    body = "\n".join(_block(block) for block in page.blocks())
    text = f"""<!DOCTYPE html>
<html lang="{_text(page.words.language.value)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{_text(f"{page.title}: {page.subtitle}")}</title>
<style>{_STYLE}</style>
</head>
<body>
<header><h1>{_text(page.title)}</h1><p>{_text(page.subtitle)}</p><p>{_text(page.made)}</p></header>
{body}
</body>
</html>
"""
    return text.encode("utf-8")


def _block(block: Block) -> str:
    match block:
        case Heading():
            tag = f"h{block.level + 1}"
            return f"<{tag}>{_text(block.text)}</{tag}>"
        case Facts():
            rows = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in block.rows)
            return f"<dl>{rows}</dl>"
        case Verbatim():
            return f"<figure><figcaption>{_text(block.caption)}</figcaption><pre>{_text(block.text)}</pre></figure>"
        case Remark():
            return f'<p class="warning">{_text(block.text)}</p>' if block.is_warning else f"<p>{_text(block.text)}</p>"
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    head = "".join(f"<th>{_text(name)}</th>" for name in table.columns)
    rows = "".join(f"<tr>{''.join(_cells(row))}</tr>" for row in table.rows)
    kind = ' class="dense"' if table.is_dense else ""
    return f"<table{kind}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cells(row: tuple[str, ...]) -> list[str]:
    """A row with one cell filled is a note below the row before it."""
    filled = [cell for cell in row if cell]
    if len(filled) == 1 and len(row) > 1:
        return ["<td></td>", f'<td colspan="{len(row) - 1}"><em>{_text(filled[0])}</em></td>']
    return [f"<td>{_text(cell)}</td>" for cell in row]


def _text(value: str) -> str:
    """Write text so that it can be nothing but text: markup escaped, controls and halves of characters replaced."""
    shown = (char if char in "\n\t" or ord(char) >= 32 else "\ufffd" for char in value.encode("utf-8", "replace").decode())
    return escape("".join(shown), quote=True)
