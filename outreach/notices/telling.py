"""How is a notice told in every group chat?

Once, to each, within seconds. A chat that does not take it keeps none of the others from it, and
what it said is logged without its address, which is its only secret.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime

from outreach.channels import posting
from outreach.channels.posting import NoAnswer, NotSent
from outreach.notices.services import SERVICES, Robot, cut

log = logging.getLogger(__name__)

_WITHIN = 10.0  # seconds for each chat


def tell(robots: Sequence[Robot], text: str, *, now: datetime) -> list[bool]:
    """Tell this in each of these chats; answers which of them took it."""
    return [_told(robot, text, now) for robot in robots]


def _told(robot: Robot, text: str, now: datetime) -> bool:
    service = SERVICES[robot.service]
    post = service.post(robot, cut(text, service.longest), now)
    line = posting.Line(posting.endpoint(robot.base))
    try:
        until = time.monotonic() + _WITHIN
        answer = line.ask("POST", post.target, post.body, post.headers, until=until)
    except (NotSent, NoAnswer) as error:
        log.warning("%s does not answer: %s", robot.service, error)
        return False
    finally:
        line.close()
    if not service.took(answer):
        log.warning("%s did not take a notice: %s", robot.service, answer.body[:200])
        return False
    return True
