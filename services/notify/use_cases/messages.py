"""Messages that somebody asks for by name: a password reset, and sending again."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.notify.errors import NoSuchDelivery, NotToBeSentAgain, UnknownTemplate, WrongParams
from services.notify.models import Delivery
from services.notify.models.delivery import MAIL, NOT_TOLD, WAITING
from services.notify.use_cases.telling import NEWS_LIVES, News, tell
from shared import audit
from shared.clock import now
from shared.database import one_row
from shared.ids import new_id

SECRET_LIVES = timedelta(hours=1)
SECRET_TEMPLATES = {"password_reset": "token"}


def send_message(
    session: Session, person_id: str, template: str, params: dict[str, Any]
) -> dict[str, str]:
    """Send a named message by mail. Its secret is in no inbox and leaves the row once sent."""
    needed = SECRET_TEMPLATES.get(template)
    if needed is None:
        raise UnknownTemplate(template=template)
    if set(params) != {needed} or not isinstance(params[needed], str):
        raise WrongParams(needed=needed)
    occasion = f"{template}:{new_id()}"
    tell(
        session,
        News(
            occasion=occasion,
            person_id=person_id,
            kind="account",
            template=template,
            params={"link": f"/reset/{params[needed]}", "secret": True},
            channels=(MAIL,),
            expires_at=now() + SECRET_LIVES,
        ),
    )
    return {"occasion": occasion}


def send_again(session: Session, actor_id: str, delivery_id: str) -> Delivery:
    """Put what did not arrive back in line; a coordinator does this after looking at the reason."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NoSuchDelivery
    if delivery.reason == "erased" or delivery.params.get("secret"):
        raise NotToBeSentAgain
    at = now()
    result = session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state.in_(NOT_TOLD))
        .values(
            state=WAITING,
            reason=None,
            answer=None,
            lease=None,
            leased_until=None,
            handed_at=None,
            next_at=at,
            expires_at=at + NEWS_LIVES,
        )
    )
    one_row(result, NotToBeSentAgain())
    audit.record(session, actor_id, "delivery.send_again", delivery_id)
    return session.get_one(Delivery, delivery_id, populate_existing=True)
