"""How does Celery come to the task of `floors.one_task`?  For where it is installed."""

import os

from celery import Celery

from bench.floors import one_task

# As its library of transports calls a socket of this machine.
app = Celery("bench", broker=os.environ[one_task.REDIS].replace("unix://", "redis+socket://"))
app.conf.task_ignore_result = True
app.conf.worker_prefetch_multiplier = 16
task = app.task(one_task.send, name="send")
