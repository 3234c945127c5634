"""Streams: lines in, findings out."""

import os
import tempfile
import threading
import unittest
from typing import List

from support import QUICK, SESSION, line_model, make_lines
from birchlog import ArgumentError, Finding, InputError, LimitError, OptionError, Stream, Trainer


def essence(findings: List[Finding]) -> List[object]:
    return sorted((finding.session, finding.anomalous, finding.kind, finding.score) for finding in findings)


class StreamTests(unittest.TestCase):
    def test_what_is_pushed_until_a_flush_is_the_session_where_files_are_sessions(self) -> None:
        def job(parts: int, ends: bool = True) -> List[bytes]:
            steps = ["starting", "fetching sources"] + [f"copied part {part}" for part in range(parts)]
            steps += ["job succeeded"] if ends else []
            return [f"2025-03-04 08:00:{second:02d} INFO {step}\n".encode() for second, step in enumerate(steps)]

        with Trainer(unit="file", **QUICK) as trainer:
            for number in range(60):
                trainer.add_lines(job(2 + number % 3), role="normal")
            model = trainer.run()
        with tempfile.TemporaryDirectory() as folder, Stream(model, source="job.log") as stream:
            for lines, anomalous in ((job(3), False), (job(3, ends=False), True), (job(4), False)):
                path = os.path.join(folder, "job.log")
                with open(path, "wb") as file:
                    file.writelines(lines)
                [of_file] = model.classify_files([path])
                [of_lines] = model.classify_lines(lines)
                for line in lines:
                    stream.push(line)
                [pushed] = [finding for finding in stream.poll() + stream.flush() if finding.final]
                self.assertEqual([of_file.session, pushed.session], [path, "job.log"])
                for finding in (of_file, of_lines, pushed):
                    self.assertEqual((finding.anomalous, finding.open), (anomalous, False))

    def test_a_stream_gives_the_same_verdicts_as_the_whole_input(self) -> None:
        lines = make_lines(3, faults=True)
        found: List[Finding] = []
        with Stream(line_model(), idle_seconds=60) as stream:
            for line in lines:
                stream.push(line)
                found += stream.poll()
            ended = len(found)
            found += stream.flush()
            statistics = stream.statistics()
        for finding in found:
            self.assertEqual((finding.final, finding.early), (finding.document["final"], not finding.document["final"]))
        early = {finding.session for finding in found if finding.early}
        found = [finding for finding in found if not finding.early]
        self.assertTrue(early, "some sessions are found before they end")
        self.assertLessEqual(early, {finding.session for finding in found if finding.anomalous}, "and are never taken back")
        self.assertTrue(0 < ended - len(early) < len(found), "sessions end while the stream runs, and the rest with it")
        # At the end of a whole input the last sessions are still open, and their ends are not scored.
        whole = line_model().classify_lines(lines)
        still_open = {finding.session for finding in whole if finding.open}
        self.assertLess(len(still_open), len(found) // 2)
        self.assertEqual(len(found), len(whole))
        self.assertEqual(
            essence([finding for finding in found if finding.session not in still_open]),
            essence([finding for finding in whole if not finding.open]),
        )
        self.assertEqual(statistics["lines"], len(lines))
        self.assertEqual(statistics["assigned"] + statistics["unassigned"], statistics["lines"])

    def test_a_finished_stream_gives_the_findings_of_the_whole_input_to_the_byte(self) -> None:
        lines = make_lines(3, faults=True)
        with Stream(line_model()) as stream:
            for line in lines:
                stream.push(line)
            found = stream.finish()
        self.assertEqual(
            sorted(finding.json for finding in found if not finding.early),
            sorted(finding.json for finding in line_model().classify_lines(lines)),
        )

    def test_a_restored_stream_goes_on_as_if_it_had_never_stopped(self) -> None:
        lines = make_lines(4, faults=True)
        with Stream(line_model()) as whole:
            for line in lines:
                whole.push(line)
            expected = [finding.json for finding in whole.finish()]
            counts = whole.statistics()
        found: List[str] = []
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "state")
            for start in range(0, len(lines), 100):
                with Stream(line_model()) as stream:
                    if start > 0:
                        self.assertEqual(stream.restore(path), f"line {start} ✓")
                    for line in lines[start : start + 100]:
                        stream.push(line)
                    found += [finding.json for finding in stream.poll()]
                    stream.snapshot(path, f"line {min(start + 100, len(lines))} ✓")
                    if start + 100 >= len(lines):
                        found += [finding.json for finding in stream.finish()]
                    last = stream.statistics()
            with open(path, "rb") as file:
                snapshot = file.read()
            for length in (0, 7, len(snapshot) // 2, len(snapshot) - 1):
                with open(path, "wb") as file:
                    file.write(snapshot[:length])
                with Stream(line_model()) as stream, self.assertRaises(InputError):
                    stream.restore(path)
        self.assertEqual(found, expected)
        for key in ("lines", "assigned", "findings", "early_findings", "anomalies", "sessions_opened", "unseen_events"):
            self.assertEqual(last[key], counts[key], key)

    def test_sessions_above_the_limit_are_classified_and_counted(self) -> None:
        with Stream(line_model(), max_sessions=2) as stream:
            for key in ("aaa", "aab", "aac"):
                stream.push(f"2025-03-04 00:00:00 INFO copier job={key} started")
            self.assertEqual([finding.session for finding in stream.poll() if not finding.early], ["aaa"])
            self.assertEqual(stream.statistics()["sessions_evicted"], 1)

    def test_a_failed_push_leaves_the_stream_usable(self) -> None:
        with Stream(line_model()) as stream:
            with self.assertRaises(LimitError):
                stream.push(b"x" * (2**20 + 1))
            stream.push("job=abc started")
            self.assertEqual([finding.session for finding in stream.flush() if not finding.early], ["abc"])

    def test_findings_outlive_their_stream_and_model(self) -> None:
        with line_model().name_kind(line_model().kinds()[0].id, "name") as model:
            stream = Stream(model, session=SESSION)
        stream.push("job=abc something that was never seen")
        finding = stream.flush()[-1]
        stream.close()
        stream.close()
        self.assertEqual(finding.document["session"], "abc")
        with self.assertRaisesRegex(ArgumentError, "closed"):
            stream.poll()

    def test_threads_may_share_a_stream(self) -> None:
        with Stream(line_model()) as stream:

            def push(first: str) -> None:
                for second in "abcdefghij":
                    stream.push(f"job={first}{second} started")

            threads = [threading.Thread(target=push, args=(letter,)) for letter in "abcd"]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(len([finding for finding in stream.flush() if not finding.early]), 40)

    def test_bad_options_are_errors(self) -> None:
        for options in ({"session": "("}, {"max_sessions": 0}, {"idle_seconds": -1}, {"no_such_option": 1}):
            with self.assertRaises(OptionError, msg=str(options)):
                Stream(line_model(), **options)


if __name__ == "__main__":
    unittest.main()
