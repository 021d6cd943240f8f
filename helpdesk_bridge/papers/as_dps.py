"""The draft of a Brazilian service invoice (NFS-e Nacional): a DPS in XML that fits the tax authority's schema, unsigned.

What it says beside the statement stands in the policy (``statements/``, ``service_invoice``); signing and sending are finance's.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from helpdesk_bridge.domain.rules import ServiceInvoice
from helpdesk_bridge.domain.statements import Period
from helpdesk_bridge.domain.tax_ids import TaxId, tax_id
from helpdesk_bridge.errors import BridgeError
from helpdesk_bridge.papers.account import Account

_CNPJ_FEDERAL_KIND = "2"
_LONGEST_DESCRIPTION = 2000


class NoDraft(BridgeError):
    """There can be no draft of a service invoice."""


def as_dps(account: Account) -> bytes:
    """Write the draft. Raises: NoDraft when something it must say is missing, or when the schema refuses it."""
    try:
        from nfelib.nfse.bindings.v1_0 import dps_v1_01 as bindings
    except ModuleNotFoundError:
        raise NoDraft("drafts of service invoices need nfelib: pip install 'helpdesk-bridge[nfse]'") from None
    settings = account.rules.statements.service_invoice
    if settings is None:
        raise NoDraft("the policy says nothing about service invoices (statements/: service_invoice)")
    seller = _brazilian(account.rules.statements.seller.tax_id, "the seller (statements/: seller.tax_id)")
    payer = _brazilian(_payer(account), "the payer")
    if account.number is None or account.closed_at is None:
        raise NoDraft("a rehearsal has no number yet: close the month first")
    if account.statement.currency != "BRL" or account.statement.due == 0:
        raise NoDraft("only an amount due in BRL is invoiced so")
    xml = _xml(bindings.Dps(versao="1.01", infDPS=_content(account, settings, seller, payer)))
    return _proved(xml, Path(str(bindings.__file__)).parents[2] / "schemas" / "v1_0" / "DPS_v1.01.xsd")


def _payer(account: Account) -> str:
    invoiced = [billing.tax_id for billing in account.billings if billing.tax_id]
    return invoiced[-1] if invoiced else account.statement.tax_id


def _brazilian(number: str, whose: str) -> TaxId:
    known = tax_id(number) if number else None
    if known is None or known.country != "BR":
        raise NoDraft(f"{whose} has no CNPJ")
    if not known.number.isdigit():
        raise NoDraft(f"{known.written}: the schema that nfelib ships takes no CNPJ with letters yet")
    return known


def _content(account: Account, settings: ServiceInvoice, seller: TaxId, payer: TaxId) -> Any:
    from nfelib.nfse.bindings.v1_0 import tipos_complexos_v1_01 as types
    from nfelib.nfse.bindings.v1_0 import tipos_simples_v1_01 as codes

    assert account.number is not None
    assert account.closed_at is not None
    series = settings.series.zfill(5)
    issued = account.local(account.closed_at)
    identity = f"DPS{settings.municipality}{_CNPJ_FEDERAL_KIND}{seller.number}{series}{account.number:015d}"
    rules = account.rules.statements
    return types.TcinfDps(
        Id=identity,
        tpAmb=codes.TstipoAmbiente(str(settings.environment)),
        dhEmi=issued.isoformat(timespec="seconds"),
        verAplic="helpdesk-bridge",
        serie=series,
        nDPS=str(account.number),
        dCompet=(Period.of(account.statement.period).next_month - timedelta(days=1)).isoformat(),
        tpEmit=codes.TsemitenteDps("1"),
        cLocEmi=settings.municipality,
        prest=types.TcinfoPrestador(
            CNPJ=seller.number,
            IM=settings.municipal_registration or None,
            xNome=rules.seller.name or None,
            regTrib=types.TcregTrib(
                opSimpNac=codes.TsopSimpNac(str(settings.simples_nacional)),
                regEspTrib=codes.TsregEspTrib(str(settings.special_regime)),
            ),
        ),
        toma=types.TcinfoPessoa(CNPJ=payer.number, xNome=account.statement.organization[:300] or payer.written),
        serv=types.Tcserv(
            locPrest=types.TclocPrest(cLocPrestacao=settings.municipality),
            cServ=types.Tccserv(cTribNac=settings.service_code, xDescServ=_description(account)),
        ),
        valores=types.TcinfoValores(
            vServPrest=types.TcvservPrest(vServ=str(account.statement.due)),
            trib=types.TcinfoTributacao(
                tribMun=types.TctribMunicipal(tribISSQN=codes.TstribIssqn("1"), tpRetISSQN=codes.TstipoRetIssqn("1")),
                totTrib=types.TctribTotal(indTotTrib=codes.TstipoIndTotTrib("0")),
            ),
        ),
    )


def _description(account: Account) -> str:
    """Say which engagements the invoice is for: each with its ticket, term and time."""
    statement, words = account.statement, account.words
    head = f"{account.title} {account.name}, {words.say('period')} {statement.period}"
    said = [
        f"{words.say('ticket', ticket=line.ticket)} {account.modality(line)} {line.reference}"
        f" {account.duration(line.charged_seconds)} {account.money(line.due)}"
        for line in statement.lines
        if line.due
    ]
    text = f"{head}: {'; '.join(said)}"
    return text if len(text) <= _LONGEST_DESCRIPTION else f"{text[: _LONGEST_DESCRIPTION - 1]}…"


def _xml(dps: Any) -> bytes:
    from xsdata.formats.dataclass.serializers import XmlSerializer
    from xsdata.formats.dataclass.serializers.config import SerializerConfig

    config = SerializerConfig(indent="  ", xml_declaration=True, encoding="utf-8")
    text: str = XmlSerializer(config=config).render(dps, ns_map={None: "http://www.sped.fazenda.gov.br/nfse"})
    return text.encode()


def _proved(xml: bytes, schema: Path) -> bytes:
    """Return the draft once the schema that nfelib ships takes it."""
    from lxml import etree

    checked = etree.XMLSchema(etree.parse(str(schema)))
    if not checked.validate(etree.fromstring(xml)):
        raise NoDraft("; ".join(str(error.message) for error in checked.error_log))
    return xml
