"""What programs do: told of trouble, it is a story; told plainly, the trouble is over; and without a subject it may be an order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from helpdesk_bridge.language.listed import Asides, words_of

_NO = words_of("nao n nem nunca jamais no not never tampouco tampoco doesn't don't didn't won't cannot can't")
_WANTING = _NO | words_of(
    "sem nada ninguem nenhum nenhuma mal so somente apenas sin nadie ninguna ningun solo without nothing only unable couldn't mas porem "
    "pero but quando cuando when vezes veces times minutos horas minutes hours outro outra outros outras otro otra otros otras other another"
)
"""Beside one of these what a program does is no good news."""
_BUT = words_of("mas porem pero but")
_SMALL = words_of(
    "se me nos le les lo la los las o a os as um uma un una el the any nenhum nenhuma mais mas does do did ainda todavia aun still"
)
_TROUBLE = words_of(
    "erro erros problema problemas falha falhas falla fallas error errores errors problem problems bug crash lentidao lentitud "
    "divergencia divergencias rejeicao rejeicoes diferenca diferencas inconsistencia inconsistencias travamento travamentos "
    "duplicidade duplicidades estouro defeito descuadre descuadres rechazo rechazos discrepancia discrepancias diferencia diferencias "
    "mismatch mismatches discrepancy discrepancies difference differences"
)
_GONE = words_of(
    "sumiu sumiram desapareceu desapareceram desaparecio desaparecieron gone disappeared vanished stopped parou pararam acabou acabaram"
)
_SOLVED = words_of(
    "resolveu resolveram resolvido resolvida resolvidos solucionou solucionado solucionada normalizou normalizaram sanado sanada resolvio resolvieron resuelto "
    "resuelta soluciono solucionaron arreglo arreglaron arreglado normalizo resolved solved fixed sorted"
)
_STANDS = words_of(
    "foi foram esta estao ta tao ja ficou ficaram continua segue seguem fue fueron estan ya sigue siguen is are was were has have been already"
)
_BACK = (
    ("volta", "atras"),
    ("voltou", "atras"),
    ("voltaram", "atras"),
    ("voltar", "atras"),
    ("vuelve", "atras"),
    ("volvio", "atras"),
)
"""Who goes back on a word."""
_NORMAL = (("ao", "normal"), ("a", "normalidade"), ("a", "funcionar"), ("back", "up"), ("to", "normal"))
_TOLD = re.compile(r".*(?:ou|[aei]ram|[aeoi]u|[aei]vam|[aie]m|[ae]n|[ae]ron|aban?|[^s]s|ed)")
"""How verbs end that nobody orders with."""
_SINCE = words_of(
    "desde ha ontem anteontem corretamente direito certinho sozinho sozinha nunca hace ayer correctamente since yesterday correctly properly"
)
"""Who orders names no time past and praises nothing."""
_LINKS = words_of("que q quando qdo cuando when that which onde donde where")
_SUBJECTS = words_of("o a os as nosso nossa nossos nossas meu minha el la los las nuestro nuestra mi the our my")
_PARTIES = words_of(
    "matriz compras financeiro financeira juridico fornecedor fornecedores fabricante socio socia socios diretoria gerencia chefia controladoria "
    "tesouraria suprimentos administracao prefeitura secretaria universidade fazenda grupo franquia holding firma firmas sindico fiscal "
    "finanzas gerencia direccion administracion tesoreria sociedad proveedor proveedores intendencia municipalidad vendor supplier "
    "management company university hospital escola hotel usina auditoria auditor conselho comite consejo audit board"
)
"""Who may do it is no program."""


def is_mended(words: Sequence[str], listed: Asides) -> bool:
    """True when a clause says that a program does what it should, or what it should not do no more."""
    spoken = frozenset(words)
    if spoken & _SOLVED and not spoken & _NO:
        return True
    if any(pair in _BACK or pair in _NORMAL for pair in pairwise(words)) or (spoken & _TROUBLE and spoken & _GONE):
        return True
    well = spoken & listed.works or (spoken & listed.doing and spoken & _STANDS)
    if well and not (spoken & _WANTING or spoken & _TROUBLE or spoken & listed.astray):
        return True
    return any(_is_denied(words, place, listed) for place, word in enumerate(words) if word in listed.machines)


def goes_wrong(words: Sequence[str], listed: Asides) -> bool:
    """True when a sentence goes on with what the program does all the same: "…, mas o saldo fica na doca antiga"."""
    place = next((place for place, word in enumerate(words) if word in _BUT), len(words))
    spoken = frozenset(words[place + 1 :])
    return bool(spoken & listed.things and (spoken & listed.machines or spoken & listed.verbs)) and not spoken & listed.people


def _is_denied(words: Sequence[str], place: int, listed: Asides) -> bool:
    """True for "não duplica", and for "não acusa erro"."""
    before = next((word for word in reversed(words[:place]) if word not in _SMALL), "")
    after = next((word for word in words[place + 1 :] if word not in _SMALL), "")
    return before in _NO and (words[place] in listed.breaks or after in _TROUBLE)


def is_order(words: Sequence[str], codes: Sequence[bool], listed: Asides) -> bool:
    """True for a machine's verb without a subject, as somebody orders: "não gera a nota"; ``codes`` are the words that name a thing."""
    place = next((place for place, word in enumerate(words) if word in listed.machines), len(words))
    if place == len(words) or words[place] in listed.breaks or _TOLD.fullmatch(words[place]):
        return False
    before = frozenset(words[:place])
    named = before & listed.things or before & listed.troubles or before & _LINKS or any(codes[:place])
    return not (named or _SINCE.intersection(words))


def names_a_party(words: Sequence[str], listed: Asides) -> bool:
    """True when the one that does it is a company or a department: "a matriz não reconhece"."""
    place = next((place for place, word in enumerate(words) if word in listed.machines), 0)
    return any(lead in _SUBJECTS and word in _PARTIES for lead, word in pairwise(words[:place]))
