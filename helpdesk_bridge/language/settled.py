"""Stories that undo what stands beside them: the trouble is over, the words were tried or sent by mistake, or it is somebody's fault."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from helpdesk_bridge.language.listed import words_of

_NOT = words_of(
    "nao n nem nunca jamais nada ninguem mal so somente apenas no not never nothing only solo doesn't don't "
    "cannot can't couldn't unable"
)
_SMALL = words_of("se me nos le les lo la los las mais does do did is are esta estao ta tao to able puede podemos")
_RUNS = words_of("funciona funcionam funcionou funcionaram works worked corrigimos corrigi corrigiu resolvemos fixed solved")
"""Said without a "não" they tell that nothing is left to do."""
_FOUND = words_of("encontramos encontrei achamos achei identificamos identifiquei detectamos descobrimos descobri found")
_CAUSE = words_of("causa cause motivo solucao solucion solution culpado")
_TROUBLE = words_of(
    "erro erros problema problemas falha falhas falla fallas error errores errors problem problems issue issues bug crash lentidao"
)
_GONE = words_of("sumiu sumiram desapareceu desapareceram desaparecio gone disappeared stopped parou pararam")
_NO_MORE = (
    ("vai", "que"),
    ("foi", "so"),
    ("de", "fora"),
    ("vale", "lo"),
    ("vale", "o"),
    ("de", "vez"),
    ("ja", "nao"),
    ("ya", "no"),
    ("no", "longer"),
)
_TRIED = words_of("testei testamos copiei copiamos probamos probe tested copied")
_OF_THE_DESK = words_of(
    "botao boton button mensagem mensaje message portal exemplo manual texto text chamado ticket comentario comment"
)
_DONE_BY_ME = words_of(
    "cliquei clicamos clicou enviei enviamos mandei mandamos apertei apertamos digitei digitamos escrevi escrevemos respondi respondemos marquei "
    "marcamos selecionei confirmei confirmamos postei postamos toquei tocamos entendi entendemos li lemos vi vimos fiz fizemos abri abrimos falei "
    "falamos chamei anexei anexamos preenchi preenchemos informei aceitei copiei colei clique hice hicimos envie mande escribi respondi lei "
    "conteste i clicked sent replied pressed typed answered"
)
"""Who did it wrong did not mean it."""
_WRONG = words_of("errada errado wrong trocado trocada equivocado equivocada")
_SENT = words_of("mensagem mensaje message chamado ticket caso case termo termino term resposta")
_WRITES_ALONE = words_of(
    "phone telefone telefono celular tablet teclado keyboard corretor corrector autocorrect bolso bolsillo pocket dedo finger gato cat"
)
_WROTE = words_of(
    "sent mandou enviou mando envio wrote typed escreveu escribio digitou clicou tapped pressed hit respondeu respondio answered"
)
_OTHER = words_of("outro outra otro otra other another")
_PAPER = words_of("termo termino term terms documento document version versao")
_MAKER = words_of("proveedor fornecedor vendor supplier consultora")
_CASE = words_of("chamado ticket caso case")
_OVER = words_of("duplicado duplicada duplicate duplicated fecha fechou fechado encerrado cerrado cierra cerro closed closes")
_FAULT = words_of("afuera fuera outside defeito defeitos defecto defect defects")
_WHOSE = (("de", "fabrica"), ("de", "ustedes"), ("de", "voces"), ("de", "vcs"), ("of", "yours"))
_BILLED = words_of("cobranca cobrancas cobro fatura faturas charge charges")
_TWICE = words_of("duplicado duplicada duplicadas duplicate duplicated")
_PURSE = words_of("caixa caja")
_EMPTY = words_of("zerado zerada vazio vazia zero empty cero ceros vacia vacio")
_GOODS = words_of("produto producto product")
_BROKEN = words_of("falla fallo defecto bug fault erro error problema")
_LEFT_FOR = words_of("went fomos fuimos")
_FILE = words_of("file arquivo archivo version versao")
_DIFFERENT = words_of("different diferente diferentes differences changes")
_WHO_PAYS = words_of(
    "pagamento pagamentos pago pagos cuentas proveedores payment payments financeiro finanzas finance fornecedor proveedor supplier vendor account conta compras compra proposta propuesta proposal prazo"
)
_HELD = words_of(
    "parado parada parados fila preso presa bloqueado bloqueada bloqueados bloqueadas detenidos detenidas frenados frenadas bloqueia bloqueou bloquea blocked blocks trava travou expira expirou vence detenida detenido"
)
_SHEET = words_of("termo termino term terms documento document anexo")
_BLANK = words_of("abre carrega branco vazio blank aparece opens missing")
_TARIFF = words_of("tarifa taxa tarifas")
_PLACE = words_of("filial loja empresa sucursal tienda company store branch")
_TYPED = words_of(
    "escreveu escreveram digitou digitaram apertou apertaram clicou enviou mandou respondeu postou publicou wrote typed sent escribio envio mando"
)
_BY_ITSELF = words_of("isso isto sozinho sozinha aquilo mensagem resposta this itself eso esto mensaje")
_TOUCHED = words_of("sentei sentou pisou pisei deitou deitei mexeu mexeram pegou pegaram esbarrei esbarrou subiu")
_DEVICE = words_of("tablet celular teclado telefone cel zap whats keyboard phone")
_LEFT = words_of("deixei deixamos deixo deixou deixaram")
_TO_OTHERS = words_of("fazer resolver cuidar ver tratar decidir atender mexer analisar")
_USES = words_of(
    "usa usam usamos uso usando trocou trocaram trocamos troquei mudamos mudei mudou migramos migrei usamos use uses"
)
_LOGIN = words_of("usuario login senha user password")
_THEIRS = words_of("colega colegas dela dele deles delas his her their")
_PAIRS = (
    (frozenset({"é"}), words_of("treinamento teste testes exemplo copia training test prueba capacitacion")),
    (_USES, _OTHER),
    (_LOGIN, _THEIRS | words_of("emprestado emprestada compartilhado compartilhada alheio borrowed shared prestado")),
    (words_of("isso isto aquilo eso esto this that"), _CASE),
    (words_of("fechando fechei fechamos"), words_of("venda vendas compra compras negocio")),
    (_TYPED, _BY_ITSELF),
    (_TOUCHED, _DEVICE),
    (_LEFT, _TO_OTHERS),
    (_SHEET, _BLANK),
    (_TARIFF, _EMPTY | words_of("aparece")),
    (_PLACE, words_of("fechou cerro closed existe")),
    (_FOUND, _CAUSE),
    (_TROUBLE, _GONE),
    (_TRIED, _OF_THE_DESK),
    (_WRONG, _SENT),
    (_WRONG, _DONE_BY_ME),
    (_WRONG, _WROTE),
    (_OTHER, _PAPER),
    (_WRITES_ALONE, _WROTE),
    (_BROKEN, _GOODS),
    (_LEFT_FOR, _OTHER),
    (_FILE, _DIFFERENT),
    (_OTHER, _MAKER),
    (_CASE, _OVER),
    (_PURSE, _EMPTY),
    (_BILLED, _WRONG | _TWICE),
    (_WHO_PAYS, _HELD),
)
"""Words of both sides in one clause undo."""


_BAD = words_of("trava travou travam falha falhou falla fallo diverge divergem rejeita rejeitou duplica duplicou fails crashes")
_COMES = words_of("ocorre ocorreu acontece aconteceu aparece apareceu ocurre ocurrio sucede occurs appears")
_SOMEWHERE = words_of("na no em nas nos com en in on para quando cuando when with")
_WELL = words_of(
    "roda rodou imprime imprimiu abre abriu gera gerou calcula calculou cuadra bate bateu sai saiu prints opens emite emitiu grava "
    "gravou carrega transmite transmitiu timbra "
    "imprimen abren genera generan calculan cuadran coincide coinciden graban timbran concilia concilian sale salen "
    "printed opened generates generated matches matched balances reconciles reconciled calculates calculated"
)
_RUNS_AGAIN = words_of(
    "guarda guardan carga cargan actualiza actualizan sincroniza sincronizan responde responden conecta conectan arranca levanta "
    "procesa procesan corre corren transmiten muestra muestran encuentra encuentran integra integran lee leen suma suman aparece "
    "aparecen llega llegan print open load loads loaded save saves saved generate import imports imported export exports exported "
    "sync syncs synced update updates updated match connect connects responded responds read reads run runs ran post posts posted "
    "calculate displays show shows start starts started processes transmits scans weighs appears appear reconcile balance"
)
_AGAIN = words_of(
    "ya ahora finalmente fin perfecto bien normal normalmente correctamente solo sola now already finally fine perfectly normally "
    "correctly again properly ok"
)
"""Beside one of these such a verb tells the same."""
_ILL = words_of(
    "errado errada errados vazio vazia branco zerado zerada duplicado duplicada lento lenta quando cuando mas pero but sem sin without "
    "mal blanco cero ceros negativo negativos vacio vacia vacios vacias duplicados duplicadas lentos lentas incorrecto incorrecta "
    "incorrectos equivocado equivocada raro raros rara cruzado cruzados mezclado mezclados invertido incompleto incompleta diferencia "
    "diferencias descuadre descuadrado corrupto colgado viejo vieja anterior otro otra otros otras cada horas "
    "wrong blank empty zero zeros negative duplicate duplicated twice slow slowly old other another when every incorrect garbled mixed "
    "incomplete missing late hours forever difference differences mismatch weird swapped outdated previous"
)

_RULES = words_of("manda mandam vale valem")
"""What a sheet does that has the last word."""
_STANDS = words_of(
    "esta estao ta tao ficou ficaram fica ficam continua continuam segue seguem é is are esta estan quedo quedaron"
)
_FINE = words_of(
    "certo certa certos certas certinho certinha normal normais normalmente bom boa otimo otima correto correta corretos redondo redondinho "
    "saindo emitindo rodando gerando imprimindo transmitindo fechando abrindo calculando carregando gravando batendo entrando "
    "printing working fine bien listo normalizado normalizada"
)
"""What stands like this is mended."""
_AMISS = words_of(
    "errado errada errados erradas vazio vazia branco branca zerado zerada zerados duplicado duplicada duplicados lento lenta lentos devagar "
    "travado travada travados parado parada parados incompleto torto torta trocado trocada dobrado dobrada atrasado atrasada negativo "
    "quando mas pero but sem nada nem ruim feio feia pessimo demais blank slowly twice wrong"
)


def undoes(words: Sequence[str]) -> bool:
    """True when a clause says that the consulting is needed no more, was never asked for, or is somebody's to pay."""
    spoken = frozenset(words)
    if spoken & _FAULT or any(spoken & one and spoken & other for one, other in _PAIRS):
        return True
    pairs = frozenset(pairwise(words))
    if any(pair in pairs for pair in (*_NO_MORE, *_WHOSE)) or (spoken & _TROUBLE and "nao" in spoken and "mais" in spoken):
        return True
    if words and words[-1] in _RULES:
        return True
    if spoken & _STANDS and spoken & _FINE and not spoken & (_TROUBLE | _AMISS | _NOT):
        return True
    well = (
        _WELL | (_RUNS_AGAIN if spoken & _AGAIN else frozenset()) if not spoken & (_TROUBLE | _ILL | _NOT) else frozenset[str]()
    )
    return any(
        not _denied(words[:place]) if word in _RUNS | well else _is_missed(words, place) for place, word in enumerate(words)
    )


def _is_missed(words: Sequence[str], place: int) -> bool:
    """True for a trouble that does not come, unless it only stays away from some place: "o erro não ocorre na base padrão"."""
    word, follow = words[place], (*words[place + 1 :], "")[0]
    comes = word in _COMES and bool(_TROUBLE.intersection(words)) and follow not in _SOMEWHERE
    return (word in _BAD or comes) and _denied(words[:place])


def _denied(before: Sequence[str]) -> bool:
    left = [word for word in before if word not in _SMALL]
    return bool(left) and left[-1] in _NOT
