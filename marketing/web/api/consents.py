"""The three calls: which texts to show, what people answered, who leaves."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query

from marketing.bootstrap import App
from marketing.contacts.asking import wordings_now
from marketing.contacts.outside.said import Box, Circumstances, Collected, Goodbye, Shown, Vouched
from marketing.contacts.outside.service import OutsideConsents
from marketing.domain.consent import channel_of
from marketing.domain.outside_consent import Answer
from marketing.domain.permission import PUBLIC_TASK
from marketing.domain.types import ChannelName, Purpose
from marketing.web.api.bodies import (
    ConsentAnswer,
    ConsentRequest,
    Decision,
    Locale,
    Place,
    WithdrawalAnswer,
    WithdrawalRequest,
    WordingOut,
    WordingsAnswer,
)
from marketing.web.api.limits import ConsentCaller, WithdrawalCaller
from marketing.web.api.problems import RESPONSES
from marketing.web.deps import TheApp

router = APIRouter(responses=RESPONSES)
NAME_PATTERN: Final = r"^[\x21-\x7e]{8,128}$"
ONCE: Final = (
    "A new name for every request, at least 8 characters, a UUID is best; a repeat is answered as the first time."
)


@router.get("/wordings", summary="Texts in force, to show beside each box, whole and unchanged")
def wordings(app: TheApp, caller: ConsentCaller, locale: Annotated[Locale, Query()] = "id") -> WordingsAnswer:
    """Show the texts; a purpose that speaks no other language comes in Indonesian."""
    asked = [one for one in Purpose if one not in PUBLIC_TASK and channel_of(one) is not ChannelName.TELEGRAM]
    with app.database.read() as session:
        found = wordings_now(session, caller.tenant_id, asked, locale, app.clock())
    return WordingsAnswer(
        wordings=[
            WordingOut.model_validate(
                {
                    "purpose": one.purpose,
                    "version": one.version,
                    "language": one.language,
                    "sha256": one.hash,
                    "question": one.question,
                    "text": one.text,
                }
            )
            for one in found.values()
        ]
    )


@router.post("/consents", summary="What one person answered, for example at check-out")
def consents(
    app: TheApp,
    caller: ConsentCaller,
    body: ConsentRequest,
    name: Annotated[str, Header(alias="Idempotency-Key", pattern=NAME_PATTERN, description=ONCE)],
) -> ConsentAnswer:
    """Decide about every box, all or nothing.

    `given: true` becomes `pending` and we mail the owner for confirmation, unless a key with the scope `vouch` says in
    `address_proof` that it confirmed the address itself. `given: false` changes nothing; `withdrawn: true` withdraws.
    """
    proof = body.address_proof
    collected = Collected(
        addresses=body.person.addresses,
        language=body.person.locale,
        boxes=tuple(_box(one) for one in body.decisions),
        collected_at=body.collected_at,
        circumstances=_circumstances(body),
        name=body.person.name,
        vouched=Vouched(proof.confirmed_at, proof.method) if proof else None,
    )
    answer = _outside(app).take(caller, collected, name, _content("consents", body))
    return ConsentAnswer.model_validate(answer)


@router.post("/withdrawals", summary="Somebody leaves, for example on the account page")
def withdrawals(
    app: TheApp,
    caller: WithdrawalCaller,
    body: WithdrawalRequest,
    name: Annotated[str, Header(alias="Idempotency-Key", pattern=NAME_PATTERN, description=ONCE)] = "",
) -> WithdrawalAnswer:
    """Withdraw at once: when the answer arrives nothing more is sent (UU 27/2022 Ps. 40)."""
    goodbye = Goodbye(
        addresses=body.person.addresses,
        purposes=tuple(body.purposes),
        everything=body.everything,
        circumstances=_circumstances(body),
        said_at=body.said_at,
    )
    answer = _outside(app).withdraw(caller, goodbye, name, _content("withdrawals", body))
    return WithdrawalAnswer.model_validate(answer)


def _outside(app: App) -> OutsideConsents:
    return OutsideConsents(app.database, app.subscriptions, app.settings.signing_key, app.clock)


def _box(one: Decision) -> Box:
    answer = Answer.WITHDRAWN if one.withdrawn else Answer.YES if one.given else Answer.UNTICKED
    said = one.wording
    shown = Shown(said.version, said.language, said.sha256 or "", said.text or "") if said else None
    return Box(one.purpose, answer, shown)


def _circumstances(body: Place) -> Circumstances:
    return Circumstances(
        place=body.source,
        page=body.page or "",
        order=body.order_id or "",
        ip=body.ip or "",
        user_agent=body.user_agent or "",
    )


def _content(call: str, body: ConsentRequest | WithdrawalRequest) -> Any:
    return [call, body.model_dump(mode="json")]
