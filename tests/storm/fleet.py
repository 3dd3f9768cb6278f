"""Which processes does a storm run, and how are they killed, paused and started again?"""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

_STOP_WITHIN = 20  # seconds


@dataclass
class Fleet:
    """Processes by name, each the leader of a group, each with a log of its own."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    commands: dict[str, tuple[str, ...]] = field(default_factory=dict)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> None:
        """Run `python -m COMMAND`; without a command, what ran under this name before."""
        if command:
            self.commands[name] = command
        with (self.home / f"{name}.log").open("ab") as output:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *self.commands[name]],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._variables(),
                start_new_session=True,
            )

    def named(self, prefix: str) -> list[str]:
        return sorted(name for name in self.running if name.startswith(prefix))

    def kill(self, name: str) -> None:
        """End it as the kernel does when memory runs out: the whole group, at once."""
        self._signal(name, signal.SIGKILL)
        self.running[name].wait()

    def pause(self, name: str) -> None:
        self._signal(name, signal.SIGSTOP)

    def go_on(self, name: str) -> None:
        self._signal(name, signal.SIGCONT)

    def ask_to_end(self, name: str) -> None:
        """As a deployment does: SIGTERM to the leader, and wait until it has tidied up."""
        self.running[name].terminate()
        self.running[name].wait(_STOP_WITHIN)

    def check(self) -> None:
        """Raise `RuntimeError`, with the end of its log, for one that has ended by itself."""
        for name, process in self.running.items():
            if process.poll() is not None:
                tail = (self.home / f"{name}.log").read_text(errors="replace")[-3000:]
                raise RuntimeError(f"{name} ended with {process.returncode}:\n{tail}")

    def says(self, name: str, words: str) -> bool:
        """Whether these words stand in its log."""
        log = self.home / f"{name}.log"
        return log.exists() and words in log.read_text(errors="replace")

    def end(self) -> None:
        """Kill everything that still runs."""
        for name, process in self.running.items():
            if process.poll() is None:
                self.kill(name)

    def _signal(self, name: str, number: signal.Signals) -> None:
        if self.running[name].poll() is None:
            os.killpg(self.running[name].pid, number)

    def _variables(self) -> dict[str, str]:
        stray = {key: value for key, value in os.environ.items() if not key.startswith("OUTREACH_")}
        return stray | self.environment
