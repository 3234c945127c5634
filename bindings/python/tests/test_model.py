"""Models: files, kinds, and the verdicts on windows, sessions, lines and files."""

import array
import json
import pathlib
import pickle
import tempfile
import threading
import unittest
import zlib
from typing import List

from support import FAULT_EVERY, MESSAGES, UNSEEN, event_model, key_of, line_model, make_lines, make_sessions, numpy
from birchlog import ArgumentError, FileError, FileLock, Finding, InputError, LimitError, Model, ModelError, NotFoundError, OptionError


def essence(findings: List[Finding]) -> List[object]:
    return [(finding.session, finding.window, finding.anomalous, finding.kind, finding.score) for finding in findings]


class ModelFileTests(unittest.TestCase):
    def test_a_model_saved_and_loaded_has_the_same_bytes(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            first, second = pathlib.Path(name) / "first", pathlib.Path(name) / "second"
            event_model().save(first)
            with Model.load(first) as loaded:
                loaded.save(str(second))
            self.assertEqual(first.read_bytes(), second.read_bytes())
            with Model.from_bytes(memoryview(first.read_bytes())) as model:
                self.assertEqual(model.describe(), event_model().describe())

    def test_a_locked_file_has_one_owner(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "model"
            lock = FileLock(path, seconds=0)
            with lock:
                path.write_bytes(b"nothing was there to hold")
            with lock:
                with self.assertRaisesRegex(FileError, "another program"), FileLock(path, seconds=0):
                    self.fail("the file had two owners")
                with self.assertRaises(ArgumentError):
                    lock.__enter__()
            with FileLock(path, seconds=0), self.assertRaises(FileError):
                lock.__enter__()
        with self.assertRaises(ArgumentError):
            FileLock("model", seconds=-1)

    def test_what_is_no_model_is_refused(self) -> None:
        with self.assertRaises(ModelError) as caught:
            Model.from_bytes(b"neither a model nor anything else")
        self.assertEqual(caught.exception.status, -6)
        with self.assertRaisesRegex(FileError, "/no/such/model"):
            Model.load("/no/such/model")
        with self.assertRaises(FileError):
            event_model().save("/no/such/folder/model")
        with self.assertRaises(ArgumentError):
            Model.load("with\0nul")

    def test_closing_twice_is_fine_and_using_afterwards_is_an_error(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "model"
            event_model().save(path)
            model = Model.load(path)
        model.close()
        model.close()
        self.assertTrue(model.closed)
        with self.assertRaisesRegex(ArgumentError, "closed"):
            model.kinds()

    def test_a_model_cannot_be_pickled(self) -> None:
        with self.assertRaises(TypeError):
            pickle.dumps(event_model())


class KindTests(unittest.TestCase):
    def test_kinds_are_found_and_normal_behaviour_is_among_them(self) -> None:
        kinds = event_model().kinds()
        self.assertTrue(any(kind.normal for kind in kinds))
        self.assertTrue(any(not kind.normal for kind in kinds))
        for kind in kinds:
            self.assertTrue(kind.reading)
            self.assertGreaterEqual(kind.size, kind.distinct)

    def test_a_name_appears_in_the_new_model_and_its_findings_only(self) -> None:
        kind = next(kind for kind in event_model().kinds() if not kind.normal)
        with event_model().name_kind(kind.id, "Plattenfehler ä") as named:
            names = {own.id: own.name for own in named.kinds()}
            self.assertEqual(names[kind.id], "Plattenfehler ä")
            findings = named.classify_sessions(make_sessions(3, faults=True))
            self.assertEqual({f.name for f in findings if f.kind == kind.id}, {"Plattenfehler ä"})
            with named.name_kind(kind.id, None) as unnamed:
                self.assertEqual({own.name for own in unnamed.kinds()}, {None})
        self.assertEqual({own.name for own in event_model().kinds()}, {None})

    def test_decisions_give_new_models_and_are_taken_back(self) -> None:
        model = event_model()
        ids = [kind.id for kind in model.kinds() if not kind.normal]
        sessions = make_sessions(3, faults=True)
        plain = [finding.kind for finding in model.classify_sessions(sessions)]
        with model.merge_kinds(ids[:2]) as merged, merged.mark_kind_normal(ids[0]) as marked:
            kind = next(kind for kind in marked.kinds() if kind.id == ids[0])
            self.assertEqual((kind.state, kind.marked, kind.aliases), ("marked", True, [ids[1]]))
            for before, finding in zip(plain, marked.classify_sessions(sessions)):
                self.assertEqual(finding.kind, ids[0] if before == ids[1] else before)
                if finding.kind == ids[0]:
                    self.assertFalse(finding.anomalous)
            with marked.undo_kind(ids[0], "mark") as alarming, alarming.undo_kind(ids[0], "merge") as undone:
                self.assertEqual([finding.kind for finding in undone.classify_sessions(sessions)], plain)
            self.assertEqual([entry["verb"] for entry in marked.journal()], ["merge", "mark"])
        with model.note_kind(ids[0], "Nacht ä") as noted:
            document = noted.show_kind(ids[0])
            self.assertEqual(document["notes"], ["Nacht ä"])
            self.assertEqual([entry["verb"] for entry in document["lineage"]], ["note"])
        self.assertEqual(model.journal(), [])

    def test_decisions_go_from_model_to_model(self) -> None:
        model = event_model()
        kind = next(kind.id for kind in model.kinds() if not kind.normal)
        with model.name_kind(kind, "imported ä") as named:
            exported = named.export_kinds()
        imported, report = model.import_kinds(exported)
        with imported:
            self.assertEqual({own.id: own.name for own in imported.kinds()}[kind], "imported ä")
        self.assertEqual({match["from"]: match["to"] for match in report["matched"]}[kind], kind)
        self.assertEqual((report["unmatched"], report["untouched"]), ([], []))
        with self.assertRaises(InputError):
            model.import_kinds("{}")

    def test_a_model_file_from_before_decisions_keeps_its_names(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "model"
            event_model().save(path)
            data = path.read_bytes()
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length])
        metadata = header["__metadata__"]
        del metadata["decisions"]
        kinds = json.loads(metadata["kinds"])
        for kind in kinds:
            del kind["class"]
            kind["name"] = "old " + kind["id"]
        metadata["kinds"] = json.dumps(kinds)
        metadata["crc32"] = "0" * 8
        text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
        text += b" " * (-len(text) % 8)
        whole = len(text).to_bytes(8, "little") + text + data[8 + length :]
        digits = f"{zlib.crc32(whole):08x}".encode()
        whole = whole.replace(b'"crc32":"00000000"', b'"crc32":"' + digits + b'"', 1)
        with Model.from_bytes(whole) as model:
            self.assertEqual({kind.name for kind in model.kinds()}, {"old " + kind.id for kind in event_model().kinds()})
            sessions = make_sessions(3, faults=True)
            before, after = event_model().classify_sessions(sessions), model.classify_sessions(sessions)
            self.assertEqual([finding.kind for finding in after], [finding.kind for finding in before])

    def test_decisions_that_make_no_sense_are_errors(self) -> None:
        model = event_model()
        kind = next(kind.id for kind in model.kinds() if not kind.normal)
        normal = next(kind.id for kind in model.kinds() if kind.normal)
        with self.assertRaises(NotFoundError):
            model.show_kind("k999")
        for kinds in ([], [kind], [kind, kind], [kind, normal], kind):
            with self.assertRaises(ArgumentError, msg=str(kinds)):
                model.merge_kinds(kinds)
        with self.assertRaises(ArgumentError):
            model.split_kind(kind, ["no such session", "nor this one"])
        with self.assertRaises(ArgumentError):
            model.undo_kind(kind, "note")
        with self.assertRaises(ArgumentError):
            model.note_kind(kind, "")

    def test_an_unknown_kind_and_a_name_that_is_too_long_are_errors(self) -> None:
        with self.assertRaises(NotFoundError):
            event_model().name_kind("k999", "name")
        with self.assertRaises(LookupError):
            event_model().name_kind("k999", "name")
        kind = event_model().kinds()[0].id
        with self.assertRaises(LimitError):
            event_model().name_kind(kind, "x" * 257)
        with self.assertRaises(ArgumentError):
            event_model().name_kind(kind, "with\0nul")


class SessionTests(unittest.TestCase):
    def test_faulty_sessions_are_found_with_their_evidence(self) -> None:
        findings = event_model().classify_sessions(make_sessions(3, faults=True))
        for index, finding in enumerate(findings):
            self.assertEqual(finding.session, str(index))
            self.assertEqual(finding.anomalous, finding.score > finding.threshold)
            if index % FAULT_EVERY == 0:
                self.assertTrue(finding.anomalous, f"session {index} was missed")
                self.assertTrue(finding.document["evidence"])
        wrong = sum(finding.anomalous for index, finding in enumerate(findings) if index % FAULT_EVERY)
        self.assertLess(wrong, len(findings) // 10)

    def test_every_way_to_give_sessions_gives_the_same_verdicts(self) -> None:
        sessions = make_sessions(3, faults=True)
        expected = essence(event_model().classify_sessions(sessions))
        run = array.array("i", [event for session in sessions for event in session])
        offsets = [0]
        for session in sessions:
            offsets.append(offsets[-1] + len(session))
        self.assertEqual(essence(event_model().classify_sessions(map(tuple, sessions))), expected)
        self.assertEqual(essence(event_model().classify_sessions(iter(map(iter, sessions)))), expected)
        self.assertEqual(essence(event_model().classify_sessions(run, offsets)), expected)
        if numpy is not None:
            rows = [numpy.array(session, dtype=numpy.int64) for session in sessions]
            self.assertEqual(essence(event_model().classify_sessions(rows)), expected)
            events = numpy.array(run, dtype=numpy.int32)
            events.setflags(write=False)
            self.assertEqual(essence(event_model().classify_sessions(events, numpy.array(offsets))), expected)

    def test_no_sessions_and_empty_ones_are_fine(self) -> None:
        self.assertEqual(event_model().classify_sessions([]), [])
        self.assertEqual(len(event_model().classify_sessions([[], [1, 2], []])), 3)

    def test_what_is_no_session_is_refused(self) -> None:
        for sessions in ([[1, -1]], [[1, 2**31]], [["a"]], [[1.5]]):
            with self.assertRaises(ArgumentError, msg=str(sessions)):
                event_model().classify_sessions(sessions)
        for offsets in ([0, 3, 2, 4], [1, 4], [0, 3], [0, -1, 4], []):
            with self.assertRaises(ArgumentError, msg=str(offsets)):
                event_model().classify_sessions([1, 2, 3, 4], offsets)

    def test_a_model_that_threads_share_gives_each_the_same(self) -> None:
        sessions = make_sessions(4, faults=True)
        expected = essence(event_model().classify_sessions(sessions))
        results: List[object] = []

        def classify() -> None:
            for _ in range(10):
                results.append(essence(event_model().classify_sessions(sessions)))

        threads = [threading.Thread(target=classify) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [expected] * 30)

    def test_a_finding_that_was_pickled_still_has_its_evidence(self) -> None:
        finding = event_model().classify_sessions([[1, 2, UNSEEN, UNSEEN]])[0]
        document = finding.document
        copy = pickle.loads(pickle.dumps(finding))
        self.assertEqual(copy, finding)
        self.assertEqual(copy.document, document)


class WindowTests(unittest.TestCase):
    WINDOWS = [[1, 2, 3, 5, 5, 5, 5, 6, 7, 1], [1, 2, 3, UNSEEN, 5, 5, 5, 6, 7, 1]]

    def test_windows_are_classified_one_by_one(self) -> None:
        findings = event_model().classify_windows(self.WINDOWS)
        self.assertEqual(len(findings), 2)
        self.assertTrue(findings[1].anomalous)
        self.assertIn(UNSEEN, findings[1].document["unseen"])
        self.assertEqual(event_model().classify_windows([]), [])

    @unittest.skipIf(numpy is None, "needs numpy")
    def test_numpy_arrays_of_any_layout_give_the_same_as_lists(self) -> None:
        expected = essence(event_model().classify_windows(self.WINDOWS))
        rows = numpy.array(self.WINDOWS, dtype=numpy.int32)
        for variant in (rows, rows.astype(numpy.int64), rows.astype(numpy.uint16), numpy.asfortranarray(rows), rows[:, ::-1][:, ::-1]):
            self.assertEqual(essence(event_model().classify_windows(variant)), expected)

    @unittest.skipIf(numpy is None, "needs numpy")
    def test_an_int32_array_is_not_copied(self) -> None:
        from birchlog import _arrays

        rows = numpy.array(self.WINDOWS, dtype=numpy.int32)
        self.assertEqual(_arrays.windows(rows).address, rows.ctypes.data)
        self.assertEqual(_arrays.events(rows[0]).address, rows.ctypes.data)

    def test_what_is_no_window_is_refused(self) -> None:
        for windows in ([[1, 2], [1]], [[-1, 2]], [[2**40]], [[]]):
            with self.assertRaises(ArgumentError, msg=str(windows)):
                event_model().classify_windows(windows)
        with self.assertRaises(LimitError):
            event_model().classify_windows([[1] * 257])
        if numpy is not None:
            for array_ in (numpy.zeros(4, numpy.int32), numpy.zeros((2, 2)), numpy.array([[2**40]])):
                with self.assertRaises(ArgumentError):
                    event_model().classify_windows(array_)


class LineTests(unittest.TestCase):
    def test_lines_as_bytes_text_or_iterable_give_the_same_verdicts(self) -> None:
        lines = make_lines(3, faults=True)
        findings = line_model().classify_lines(lines)
        self.assertEqual({finding.session for finding in findings}, {key_of(index) for index in range(240)})
        expected = essence(findings)
        self.assertEqual(essence(line_model().classify_lines(b"".join(lines))), expected)
        self.assertEqual(essence(line_model().classify_lines(b"".join(lines).decode())), expected)
        self.assertEqual(essence(line_model().classify_lines(line.decode().rstrip("\n") for line in lines)), expected)

    def test_session_keys_do_not_become_events(self) -> None:
        self.assertEqual(line_model().describe()["events"], len(MESSAGES))

    def test_faults_are_found_in_lines_as_in_events(self) -> None:
        findings = line_model().classify_lines(make_lines(3, faults=True))
        found = {finding.session for finding in findings if finding.anomalous}
        self.assertLessEqual({key_of(index) for index in range(0, 240, FAULT_EVERY)}, found)

    def test_a_finding_knows_its_source_lines(self) -> None:
        finding = line_model().classify_lines(make_lines(3))[0]
        assert finding.lines is not None
        self.assertLess(finding.lines[0], finding.lines[1])

    def test_files_give_the_same_as_lines_at_once_or_one_by_one(self) -> None:
        lines = make_lines(3, faults=True)
        expected = sorted(map(str, essence(line_model().classify_lines(lines))))
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "job.log"
            path.write_bytes(b"".join(lines))
            self.assertEqual(sorted(map(str, essence(line_model().classify_files(path)))), expected)
            seen: List[Finding] = []
            self.assertEqual(line_model().classify_files([path], seen.append), [])
            self.assertEqual(sorted(map(str, essence(seen))), expected)
            self.assertTrue(next(finding for finding in seen if finding.anomalous).document["evidence"])

    def test_an_explanation_shows_the_lines_of_a_file_and_of_kept_ones(self) -> None:
        lines = make_lines(3, faults=True)
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "job.log"
            path.write_bytes(b"".join(lines))
            findings = line_model().classify_files(path, explain=True)
        found = [finding.document for finding in findings if finding.anomalous]
        self.assertTrue(found)
        starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
        for document in found:
            for row in document["raw"]["lines"]:
                self.assertEqual(row["text"].encode(), lines[row["line"] - 1].rstrip(b"\n"))
                self.assertEqual(row["offset"], starts[row["line"] - 1])
            self.assertIn("summary", document)
        self.assertNotIn("raw", next(finding for finding in findings if not finding.anomalous).document)
        with self.assertRaises(ArgumentError):
            pickle.loads(pickle.dumps(findings[0])).explain()
        kept = line_model().classify_lines(lines, line_memory=1 << 20)[0].explain(parts=["raw"], lines=2)
        self.assertEqual(len(kept["raw"]["lines"]), 2)
        self.assertEqual(kept["raw"]["lines"][0]["text"].encode(), lines[kept["raw"]["lines"][0]["line"] - 1].rstrip(b"\n"))
        lost = line_model().classify_lines(lines)[0].explain()
        self.assertIn("line_memory", lost["raw"]["note"])
        with self.assertRaises(OptionError):
            line_model().classify_lines(lines)[0].explain(parts=["everything"])

    def test_findings_of_files_are_explained_after_the_classification(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "job.log"
            path.write_bytes(b"".join(make_lines(3, faults=True)))
            called: List[Finding] = []
            line_model().classify_files(path, called.append)
            for findings in (line_model().classify_files(path), called):
                self.assertTrue(findings)
                for finding in findings:
                    self.assertEqual(finding.explain(parts=["summary"])["session"], finding.session)

    def test_an_exception_in_the_callback_comes_out(self) -> None:
        class Enough(Exception):
            pass

        def stop(finding: Finding) -> None:
            raise Enough

        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "job.log"
            path.write_bytes(b"".join(make_lines(3)))
            with self.assertRaises(Enough):
                line_model().classify_files(path, stop)

    def test_bytes_that_are_no_text_are_lines_all_the_same(self) -> None:
        findings = line_model().classify_lines([b"\xff\xfe job=zzz \x00\x01", "job=zzy \udcff", "job=zzx \ud800"])
        self.assertEqual({finding.session for finding in findings}, {"zzz", "zzy", "zzx"})

    def test_bad_options_and_missing_files_are_errors(self) -> None:
        with self.assertRaises(OptionError):
            line_model().classify_lines("a", no_such_option=1)
        with self.assertRaises(OptionError):
            line_model().classify_lines("a", idle_seconds=float("nan"))
        with self.assertRaisesRegex(FileError, "/no/such.log"):
            line_model().classify_files("/no/such.log")


class EvaluationTests(unittest.TestCase):
    def test_evaluation_counts_every_session_with_a_truth(self) -> None:
        sessions = 240
        faults = ("disk", "loop", "cut")
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "job.log").write_bytes(b"".join(make_lines(3, faults=True)))
            rows = [
                f"{key_of(index)},{'normal' if index % FAULT_EVERY else faults[index // FAULT_EVERY % 3]}"
                for index in range(sessions)
            ]
            (folder / "truth.csv").write_text("\n".join(["id,kind", *rows]) + "\n")
            report = line_model().evaluate(folder / "truth.csv", folder / "job.log")
            self.assertEqual(report["scored"], sessions)
            detection = report["detection"]
            self.assertEqual(detection["true_positives"] + detection["false_negatives"], sessions // FAULT_EVERY)
            self.assertEqual(report["kinds"]["true"], 3)

    @unittest.skipIf(numpy is None, "needs numpy")
    def test_inspection_writes_arrays_that_numpy_reads(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            features, labels = pathlib.Path(name) / "features.npy", pathlib.Path(name) / "labels.npy"
            event_model().inspect(features=features, labels=labels)
            values, kinds = numpy.load(features), numpy.load(labels)
            self.assertEqual((values.ndim, values.dtype, kinds.dtype), (2, numpy.float32, numpy.int32))
            self.assertEqual(len(values), len(kinds))


if __name__ == "__main__":
    unittest.main()
