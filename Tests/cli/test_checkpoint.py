"""A training that is stopped."""

import signal
import subprocess
import time
import unittest

from support import COMMAND, SESSION, Fixture, ModelTest


def heed_signals():
    """What is started in the background of a script ignores an interrupt, and so do its children."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


class CheckpointTest(ModelTest):
    def stopped(self, number, *arguments):
        """Trains until there is a checkpoint, ends it by a signal, and gives its status and what it said."""
        checkpoint = self.folder / "checkpoint"
        process = subprocess.Popen(
            [COMMAND, "train", "--normal", Fixture.normal, Fixture.mixed, "--session", SESSION, "--threads", "1",
             "--option", "epochs=1000", "--option", "patience=1000", "--checkpoint", checkpoint,
             "-o", self.folder / "m.birchlog", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heed_signals)
        while not checkpoint.exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, -number)
        self.assert_folder_holds("checkpoint")
        checkpoint.unlink()
        return said.decode()

    def test_a_signal_ends_it_and_it_says_that_it_can_go_on(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.assertIn(
                f"birchlog: stopped; the same command goes on from {self.folder / 'checkpoint'}.\n", self.stopped(number))
        self.assertEqual(self.stopped(signal.SIGINT, "--quiet"), "")


if __name__ == "__main__":
    unittest.main()
