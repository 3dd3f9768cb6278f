"""How fast is what one writes in an afternoon, a task for each mail?

The rows are those of the pipeline written by hand (`floors.ceiling`), and so are the words. Each
task takes its touch by id through SQLAlchemy, looks whether its person has opted out, renders with
Jinja2, makes an `EmailMessage`, sends it by smtplib over a connection that its thread keeps, and
writes down what was answered. There are no caps, no hours, no verdicts and no second look; a task
that dies sends again. Tasks come from Dramatiq, 2 processes of 8 threads, or from Celery, 2
processes, where that is installed (the extra `bench`).
"""

import os
import smtplib
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from email.message import EmailMessage
from functools import cache
from threading import Event
from typing import Any, TypeAlias
from uuid import UUID

import dramatiq
import psycopg
from sqlalchemy import Engine, Row, create_engine, text

from bench.floors import words_of
from outreach.hints import open_broker

PROCESSES, THREADS = 2, 8
URL, PORT, REDIS = "BENCH_DATABASE_URL", "BENCH_SMTP_PORT", "BENCH_REDIS_URL"
_QUEUE, _ACTOR = "one-task", "send"
_LOOK = 0.05  # seconds between two looks whether all is done
_KEPT = threading.local()

Workers: TypeAlias = AbstractContextManager[Callable[[], int]]

_TOUCH = text("""
    select t.id, c.email, c.name, e.data, c.opted_out from ceiling.touches t
    join ceiling.contacts c on c.id = t.contact join ceiling.events e on e.id = t.event
    where t.id = :id and t.state = 0 for update of t
""")
_SETTLE = text("update ceiling.touches set state = :state, reply = :reply where id = :id")
_ATTEMPT = text("insert into ceiling.attempts (touch, at, reply) values (:id, now(), :reply)")
_DUE = "select id from ceiling.touches where state = 0 and due_at <= now()"
_OPEN = "select exists (select from ceiling.touches where state = 0 and due_at <= now())"


def main() -> None:
    """Set a worker process up; Dramatiq calls it after it has forked."""
    broker = open_broker(os.environ[REDIS])
    dramatiq.actor(queue_name=_QUEUE, actor_name=_ACTOR, broker=broker)(send)
    dramatiq.set_broker(broker)


def send(touch: str) -> None:
    """The whole task."""
    with _engine().begin() as tx:
        row = tx.execute(_TOUCH, {"id": UUID(touch)}).one_or_none()
        if row is None:
            return
        if row.opted_out:
            tx.execute(_SETTLE, {"id": row.id, "state": 3, "reply": None})
            return
        _relay().send_message(_message(row))
        tx.execute(_ATTEMPT, {"id": row.id, "reply": "250 ok"})
        tx.execute(_SETTLE, {"id": row.id, "state": 2, "reply": "250 ok"})


@cache
def _engine() -> Engine:
    return create_engine(os.environ[URL], pool_size=THREADS)


def _relay() -> smtplib.SMTP:
    if not hasattr(_KEPT, "relay"):
        _KEPT.relay = smtplib.SMTP("127.0.0.1", int(os.environ[PORT]))
    relay: smtplib.SMTP = _KEPT.relay
    return relay


def _message(row: Row[Any]) -> EmailMessage:
    subject, plain, page = words_of.rendered(row.id, row.name, row.data)
    message = EmailMessage()
    message["From"], message["To"] = "Bench Care <care@bench.example>", row.email
    message["Subject"], message["X-Outreach-Touch"] = subject, str(row.id)
    message.set_content(plain)
    message.add_alternative(page, subtype="html")
    return message


@contextmanager
def workers(by: str, *, url: str, port: int, redis: str) -> Iterator[Callable[[], int]]:
    """While they run: what sends all that is due, and answers how many that was."""
    command = {
        "dramatiq": ["dramatiq", "bench.floors.one_task:main", "--processes", str(PROCESSES),
                     "--threads", str(THREADS)],
        "celery": ["celery", "-A", "bench.floors.one_task_celery", "worker", "-c", str(PROCESSES),
                   "-l", "ERROR"],
    }  # fmt: skip
    engine_url = url.replace("postgresql://", "postgresql+psycopg://")
    stray = {URL: engine_url, PORT: str(port), REDIS: redis}
    os.environ.update(stray)  # whoever sends to Celery reads them too
    process = subprocess.Popen(
        [sys.executable, "-m", *command[by]], env=os.environ | stray, stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield lambda: _all_sent(url, _sender(by, redis))
    finally:
        process.terminate()
        process.wait()


def _sender(by: str, redis: str) -> Callable[[str], object]:
    if by == "celery":
        from bench.floors import one_task_celery  # noqa: PLC0415  # it may not be installed

        delay: Callable[[str], object] = one_task_celery.task.delay
        return delay
    broker = open_broker(redis)
    broker.declare_queue(_QUEUE)
    return lambda touch: broker.enqueue(dramatiq.Message(_QUEUE, _ACTOR, (touch,), {}, {}))


def _all_sent(url: str, enqueue: Callable[[str], object]) -> int:
    with psycopg.connect(url, autocommit=True) as hand:
        due = hand.execute(_DUE).fetchall()
        for (touch,) in due:
            enqueue(str(touch))
        while hand.execute(_OPEN).fetchall()[0][0]:
            Event().wait(_LOOK)
    return len(due)
