"""How fast does django-post_office send, which queues each mail as a row?

For where it is installed. As its guide says: mails queued by `send_many`, then sent by
`send_queued_mail` with two processes of four threads over Django's SMTP backend; the bodies, which
Jinja2 rendered, are kept. Which mails are due stands in the rows of `floors.ceiling`, and is
written there when they are out.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from psycopg.conninfo import conninfo_to_dict

from bench.floors import words_of

URL, PORT = "BENCH_DATABASE_URL", "BENCH_SMTP_PORT"
PROCESSES, THREADS, BATCH = 2, 4, 500
_DUE = """
    select t.id, c.email, c.name, e.data from ceiling.touches t
    join ceiling.contacts c on c.id = t.contact join ceiling.events e on e.id = t.event
    where t.state = 0 and t.due_at <= now() and not c.opted_out
"""
_SENT = """
    update ceiling.touches set state = case when id = any(%s) then 2 else 3 end
    where state = 0 and due_at <= now()
"""


def configure() -> None:
    """Django as a small project sets it up."""
    at = conninfo_to_dict(os.environ[URL])
    database = {
        "ENGINE": "django.db.backends.postgresql", "NAME": at["dbname"], "USER": at.get("user", ""),
        "PASSWORD": at.get("password", ""), "HOST": at.get("host", ""), "PORT": at.get("port", ""),
    }  # fmt: skip
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DATABASES={"default": database}, EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST="127.0.0.1", EMAIL_PORT=int(os.environ[PORT]), USE_TZ=True, SECRET_KEY="bench",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        POST_OFFICE={"BATCH_SIZE": BATCH, "THREADS_PER_PROCESS": THREADS},
    )  # fmt: skip
    django.setup()


@contextmanager
def workers(*, url: str, port: int) -> Iterator[Callable[[], int]]:
    """While it lasts: what sends all that is due, and answers how many that was."""
    os.environ |= {URL: url, PORT: str(port)}
    configure()
    call_command("migrate", verbosity=0)
    yield lambda: _all_sent(url)


def _all_sent(url: str) -> int:
    from post_office import mail  # noqa: PLC0415  # after Django is set up

    with psycopg.connect(url) as hand:
        due = hand.execute(_DUE).fetchall()
        mail.send_many([_queued(*row) for row in due])
        subprocess.run(
            [sys.executable, "-m", "bench.floors.post_office"], check=True, env=dict(os.environ)
        )
        hand.execute(_SENT, ([row[0] for row in due],))
    return len(due)


def _queued(touch: Any, to: str, name: str, data: object) -> dict[str, object]:
    subject, plain, page = words_of.rendered(touch, name, data)
    return {
        "sender": "Bench Care <care@bench.example>", "recipients": [to], "subject": subject,
        "message": plain, "html_message": page, "headers": {"X-Outreach-Touch": str(touch)},
    }  # fmt: skip


if __name__ == "__main__":
    configure()
    call_command("send_queued_mail", processes=PROCESSES, verbosity=0)
