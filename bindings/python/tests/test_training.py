"""Training, progress, cancelling and refitting."""

import os
import pathlib
import signal
import tempfile
import threading
import unittest
from typing import List

from support import QUICK, event_model, make_lines, make_sessions, SESSION
from birchlog import ArgumentError, CancelledError, FileError, InputError, Model, OptionError, Progress, Trainer


def bytes_of(model: Model) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        path = pathlib.Path(name) / "model"
        model.save(path)
        return path.read_bytes()


def full_trainer(**options: object) -> Trainer:
    trainer = Trainer(**{**QUICK, **options})
    trainer.add_sessions(make_sessions(1), role="normal")
    trainer.add_sessions(make_sessions(2, faults=True))
    return trainer


class TrainingTests(unittest.TestCase):
    def test_the_same_inputs_give_the_same_bytes_with_one_thread_and_with_two(self) -> None:
        with full_trainer(threads=2) as trainer, trainer.run() as model:
            self.assertEqual(bytes_of(model), bytes_of(event_model()))

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork here")
    def test_a_child_forked_after_training_with_two_threads_trains_the_same_model(self) -> None:
        with full_trainer(threads=2) as trainer, trainer.run() as model:
            expected = bytes_of(model)
        child = os.fork()
        if child == 0:
            same = False
            try:
                signal.alarm(60)
                with full_trainer(threads=2) as trainer, trainer.run() as model:
                    same = bytes_of(model) == expected
            finally:
                os._exit(0 if same else 1)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)

    @unittest.skipUnless(hasattr(os, "fork"), "there is no fork here")
    def test_threads_of_a_forked_child_classify_with_one_model(self) -> None:
        sessions = make_sessions(3, count=4)
        with full_trainer() as trainer, trainer.run() as model:
            model.classify_sessions(sessions)
            child = os.fork()
            if child == 0:
                failures = [1]
                try:
                    signal.alarm(60)
                    failures = []

                    def classify() -> None:
                        try:
                            for _ in range(300):
                                model.classify_sessions(sessions)
                        except BaseException as error:  # pylint: disable=broad-except
                            failures.append(error)

                    threads = [threading.Thread(target=classify) for _ in range(3)]
                    for thread in threads:
                        thread.start()
                    classify()
                    for thread in threads:
                        thread.join()
                finally:
                    os._exit(1 if failures else 0)
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)

    def test_progress_goes_through_the_stages_in_order(self) -> None:
        reports: List[Progress] = []
        with full_trainer() as trainer:
            trainer.run(reports.append).close()
        stages = list(dict.fromkeys(report.stage for report in reports))
        known = ["reading", "normal", "threshold", "signatures", "kinds", "classifier"]
        self.assertEqual(stages, [stage for stage in known if stage in stages])
        self.assertIn("normal", stages)
        self.assertTrue(any(report.loss is not None and report.loss > 0 for report in reports))

    def test_a_progress_callback_that_returns_false_cancels_and_training_can_start_again(self) -> None:
        with full_trainer() as trainer:
            with self.assertRaises(CancelledError):
                trainer.run(lambda report: False)
            with trainer.run() as model:
                self.assertEqual(bytes_of(model), bytes_of(event_model()))

    def test_an_exception_in_the_progress_callback_comes_out(self) -> None:
        def fail(report: Progress) -> None:
            raise KeyboardInterrupt

        with full_trainer() as trainer, self.assertRaises(KeyboardInterrupt):
            trainer.run(fail)

    def test_another_thread_can_cancel_but_do_nothing_else(self) -> None:
        started = threading.Event()
        refused: List[BaseException] = []
        with full_trainer(epochs=10000, patience=10000, hidden_size=64) as trainer:

            def cancel() -> None:
                started.wait()
                try:
                    trainer.add_sessions([[1]])
                except ArgumentError as error:
                    refused.append(error)
                trainer.cancel()

            thread = threading.Thread(target=cancel)
            thread.start()
            try:
                with self.assertRaises(CancelledError):
                    trainer.run(lambda report: started.set())
            finally:
                started.set()
                thread.join()
        self.assertEqual(len(refused), 1)

    def test_files_and_lines_train_the_same_model(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name) / "normal.log"
            path.write_bytes(b"".join(make_lines(1)))
            with Trainer(session=SESSION, **QUICK) as trainer:
                trainer.add_file(path, role="normal")
                with trainer.run() as from_file:
                    kinds = from_file.kinds()
                    findings = from_file.classify_lines(make_lines(3, faults=True))
            with Trainer(session=SESSION, **QUICK) as trainer:
                trainer.add_lines(make_lines(1), role="normal")
                with trainer.run() as from_lines:
                    self.assertEqual(findings, from_lines.classify_lines(make_lines(3, faults=True)))
        self.assertTrue(all(kind.normal for kind in kinds), "only normal input was given")

    def test_a_refit_keeps_ids_and_names(self) -> None:
        kind = next(kind for kind in event_model().kinds() if not kind.normal)
        with event_model().name_kind(kind.id, "known") as named, Trainer() as trainer:
            trainer.add_sessions(make_sessions(5, faults=True))
            with trainer.refit(named) as refitted:
                self.assertIn((kind.id, "known"), [(own.id, own.name) for own in refitted.kinds()])

    def test_an_update_keeps_ids_and_names_and_tells_what_it_learned(self) -> None:
        kind = next(kind for kind in event_model().kinds() if not kind.normal)
        with event_model().name_kind(kind.id, "known") as named, Trainer(half_life=10_000) as trainer:
            trainer.add_sessions(make_sessions(5), role="normal")
            trainer.add_sessions(make_sessions(6, faults=True))
            stages = set()
            with trainer.update(named, lambda progress: stages.add(progress.stage)) as updated:
                self.assertIn((kind.id, "known"), [(own.id, own.name) for own in updated.kinds()])
                record = updated.describe()["updates"][-1]
                self.assertEqual(record["number"], 1)
                self.assertLessEqual(record["old_loss"]["after"], record["old_loss"]["before"] * 1.02)
            self.assertLessEqual({"normal", "kinds"}, stages)
        with self.assertRaises(OptionError), Trainer(window=4) as trainer:
            trainer.add_sessions(make_sessions(5), role="normal")
            trainer.update(event_model())

    def test_what_cannot_be_learned_from_is_an_error(self) -> None:
        with Trainer() as trainer, self.assertRaises(InputError):
            trainer.run()
        with Trainer() as trainer:
            with self.assertRaises(FileError):
                trainer.add_file("/no/such.log")
            with self.assertRaises(ArgumentError):
                trainer.add_lines("a", role="other")
        for options in ({"no_such_option": 1}, {"window": 0}, {"kinds": "many"}, {"loss_weights": [1, 1, 1]}, {"seed": object()}):
            with self.assertRaises(OptionError, msg=str(options)):
                Trainer(**options)

    def test_a_closed_trainer_is_an_error(self) -> None:
        trainer = Trainer()
        trainer.close()
        trainer.close()
        with self.assertRaisesRegex(ArgumentError, "closed"):
            trainer.add_sessions([[1]])


if __name__ == "__main__":
    unittest.main()
