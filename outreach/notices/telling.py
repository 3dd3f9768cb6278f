"""How is a notice told in every group chat?

Once, to each, within seconds. A chat that does not take it keeps none of the others from it, and
what it said is logged without its address, which is its only secret.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime

from outreach.channels import long_tail, posting
from outreach.channels.posting import NoAnswer, NotSent
from outreach.notices.services import APPRISE, SERVICES, Robot, cut

log = logging.getLogger(__name__)

_WITHIN = 10.0  # seconds for each chat
_SHORT = 2_000  # bytes of UTF-8, which every service takes


def tell(robots: Sequence[Robot], text: str, *, now: datetime) -> list[bool]:
    """Tell this in each of these chats; answers which of them took it."""
    return [_told(robot, text, now) for robot in robots]


def _told(robot: Robot, text: str, now: datetime) -> bool:
    if robot.service == APPRISE:
        return _by_apprise(robot, text)
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


def _by_apprise(robot: Robot, text: str) -> bool:
    took = long_tail.took(robot.token, cut(text, _SHORT), within=_WITHIN)
    if not took:
        log.warning("apprise does not say that its service took a notice")
    return took
