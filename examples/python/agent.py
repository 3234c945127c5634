#!/usr/bin/env python3
"""A log agent on the Python binding: reads lines from standard input, prints every anomaly as one line of JSON.

    tail -F service.log | python3 agent.py service.birchlog --idle-seconds 30

The end of the input, SIGINT and SIGTERM end all open sessions, whose verdicts are printed before the program ends.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from typing import Iterable

from birchlog import BirchlogError, Finding, InputError, LimitError, Model, Stream


class Stopped(Exception):
    """A signal asked the agent to end."""


def stop(number: int, frame: object) -> None:
    raise Stopped


def print_anomalies(findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.anomalous:
            print(finding.json, flush=True)


def follow(stream: Stream) -> None:
    for line in sys.stdin.buffer:
        try:
            stream.push(line)
        except (InputError, LimitError) as error:
            print(f"agent: line left out: {error}", file=sys.stderr)
        print_anomalies(stream.poll())


def main() -> int:
    parser = argparse.ArgumentParser(description="Print the anomalies of a log as its lines arrive.")
    parser.add_argument("model", help="model file that birchlog train wrote")
    parser.add_argument("--session", help="regular expression of the session key, where it differs from training")
    parser.add_argument("--idle-seconds", type=int, help="log time after which a session has ended")
    arguments = parser.parse_args()
    try:
        with Model.load(arguments.model) as model:
            with Stream(model, session=arguments.session, idle_seconds=arguments.idle_seconds) as stream:
                signal.signal(signal.SIGINT, stop)
                signal.signal(signal.SIGTERM, stop)
                try:
                    follow(stream)
                except Stopped:
                    pass
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                print_anomalies(stream.flush())
                print("agent:", json.dumps(stream.statistics()), file=sys.stderr)
    except BirchlogError as error:
        print(f"agent: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
