"""Filled-in lines of a form: a label from a closed list, and a value of the shape that belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpdesk_bridge.domain.values import Span

_SPACE = r"[ \t]"
_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_CAPITAL = r"[A-ZÀ-ÖØ-Ý][\w'’-]*"
_NAME = rf"(?>{_CAPITAL}\.?(?:{_SPACE}+(?:(?:d[aeo]s?|del|de{_SPACE}+la|e|y|and|of|&){_SPACE}+)?{_CAPITAL}\.?){{0,6}}(?:,?{_SPACE}+(?:S/[AC]|S\.?A\.?(?:S\.?|{_SPACE}+de{_SPACE}+C\.?V\.?)?|S\.?R\.?L\.?|Ltda\.?|LTDA|EIRELI|SpA|Inc\.?|LLC|Ltd\.?)(?!\w))?)"
_NUMBER = r"(?>[+(]?\d(?:[/.() +-]{0,3}\d){0,20})"
_MAIL = r"(?>[\w.+-]{1,64}@[\w.-]{1,120})"
_POST = rf"(?>{_WORD}(?:{_SPACE}+{_WORD}){{0,4}})"
_SEPARATOR = rf"(?>{_SPACE}*[,;/|–—-]{_SPACE}*|{_SPACE}+\(|{_SPACE}+(?=[+\d]))"
"""Atoms and separators never give back what they took: a long line costs its length."""

_ROLE = (
    r"(?>(?i:coordenador|gerente|analista|diretor|supervisor|encarregad|s[óo]ci|propriet[áa]ri|don|assistente|auxiliar|contador|controller|"
    r"comprador|t[ée]cnic|usu[áa]ri|chefe|jefe|jefa|encargad|consultor|manager|director|analyst|owner|coordinator|buyer|contralor)[a-zà-ÿ]*"
    rf"(?:{_SPACE}+(?:financeir|fiscal|comercial|administrativ|geral|industrial|contábil|senior|sênior|pleno|júnior|chave|general|contable)[a-z]*)?"
    rf"(?:{_SPACE}+(?:d[aeo]s?|del?|of|e|y|and){_SPACE}+{_WORD}){{0,3}})"
)
_LABELS = {
    "who": r"""
        nome(?: completo)?|respons[áa]vel(?: (?:pelo aceite|t[ée]cnico|financeiro|interno))?|solicitante|requisitante|aprovador|
        contato(?: (?:t[ée]cnico|principal|financeiro|interno|local))?|usu[áa]rio(?: (?:chave|de contato))?|
        empresa|raz[ãa]o social|nome fantasia|cliente|filial|unidade|franquia|
        nombre(?: completo)?|contacto(?: (?:t[ée]cnico|principal))?|responsable|raz[óo]n social|sucursal|planta|
        (?:full |legal |company )?name|(?:technical |main |our )?contact(?: (?:person|name))?|requester|requested by|company|customer|branch|site
        """,
    "post": r"cargo|fun[çc][ãa]o|setor|departamento|[áa]rea|puesto|sector|(?:job )?title|role|position|department|dept",
    "number": r"""
        telefones?|tel|fone|celular|cel|whats(?:app)?|zap|ramal|tel[ée]fono|m[óo]vil|interno|phone|mobile|cell|ext|extension|
        pedido(?: de compra)?|ordem de compra|orden de compra|centro de costos?|centro de custo|purchase order|po|oc|cost cent(?:er|re)|
        ticket|chamado|caso|case|cnpj|cpf|ie|rut|ruc|cuit|rfc|nit
        """,
    "mail": r"""
        e-?mails?(?: (?:para|p/) (?:(?:o )?envio da |a )?(?:nota|nf|nota fiscal|fatura|nfs-?e|boleto|cobran[çc]a))?|
        correo(?: electr[óo]nico)?(?: para (?:la )?factura(?:ci[óo]n)?)?|invoice e-?mail|e-?mail for (?:the )?invoices?
        """,
}
"""What is asked for → the labels of its lines. No label may promise a limit, a date to come or a condition."""

_VALUES = {
    "who": rf"{_NAME}(?:{_SEPARATOR}(?:{_NAME}|{_NUMBER}|{_MAIL}|{_ROLE}|(?i:ramal|tel|cel|fone|ext)\.?{_SPACE}*{_NUMBER}))*+",
    "post": _POST,
    "number": rf"{_NUMBER}(?:{_SEPARATOR}(?:{_NUMBER}|{_NAME}))*+",
    "mail": rf"{_MAIL}(?:{_SEPARATOR}{_MAIL})*+",
}

_LINE = re.compile(
    rf"(?:^|(?<=[.;!]{_SPACE})){_SPACE}*(?:[-•*]{_SPACE}*)?(?:"
    + "|".join(
        rf"(?i:{''.join(part.strip() for part in _LABELS[kind].splitlines())}){_SPACE}*[:\t–-]{_SPACE}*(?:{_VALUES[kind]})"
        for kind in _LABELS
    )
    + rf")\)?{_SPACE}*[.,;]?{_SPACE}*$",
    re.MULTILINE,
)
"""An empty line of a form is no answer, so that a value must stand."""
_HEADING = re.compile(
    rf"(?:^|(?<=[.;!]{_SPACE})){_SPACE}*(?i:(?:segue[mn]?{_SPACE}+)?(?:os{_SPACE}+|nossos{_SPACE}+|los{_SPACE}+)?(?:dados|datos|contatos?|contactos?|details)"
    rf"(?:{_SPACE}+(?:d[aeo]|para|p/){_SPACE}+(?:a{_SPACE}+|o{_SPACE}+)?(?:empresa|nota|nf|nota fiscal|faturamento|emiss[ãa]o|cadastro|contato|"
    rf"cobran[çc]a|facturaci[óo]n|contacto))?){_SPACE}*:?{_SPACE}*$",
    re.MULTILINE,
)

_SIGNED_ON = re.compile(
    rf"^{_SPACE}*(?i:data(?: do aceite)?|fecha|date){_SPACE}*[:\t–-]{_SPACE}*\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}{_SPACE}*$",
    re.MULTILINE,
)
"""The day somebody signed, in a form that says who: alone, a date may be one to come."""
_OPEN = re.compile(
    r"(?i)[:\t–-].*\b(?:a ser|to be|por definir|defin|decid|pend|aguard|ver |veja|outr[oa]|otr[oa]|other|another|sem |sin |without|n[ãa]o |not? |none|"
    r"ningu|nobody|nadie|fulan|beltran|paga|aprov|aprob|approv|autoriz|authori|depois|despu|after|antes|before|s[óo] |solo |only |somente|apenas|at[ée] |hasta |"
    r"until|test|concorr|quem |quien |que |who )"
)
"""A value that leaves open who or what it is, or puts somebody else there."""


def filled_in(own: str) -> Iterator[Span]:
    """Return the filled-in lines of a form, and the headings above them."""
    lines = [match for match in _LINE.finditer(own) if not _OPEN.search(match.group())]
    yield from (Span(*match.span()) for match in (*lines, *_HEADING.finditer(own)))
    if lines:
        yield from (Span(*match.span()) for match in _SIGNED_ON.finditer(own))
