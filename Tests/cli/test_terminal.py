"""What a person at a terminal sees."""

import os
import pty
import select
import struct
import subprocess
import fcntl
import termios

from support import COMMAND, QUICK, SESSION, Fixture, ModelTest


class TerminalTest(ModelTest):
    def on_terminal(self, *arguments, columns=90, **environment):
        """Output and status of the command with standard output and error on a terminal of its own."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        process = subprocess.Popen(
            [COMMAND, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=slave, stderr=slave, close_fds=True,
            env={**os.environ, "TERM": "xterm", **environment})
        os.close(slave)
        output = b""
        while True:
            ready, _, _ = select.select([master], [], [], 120)
            if not ready:
                process.kill()
                break
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            output += part
        os.close(master)
        return output.decode("utf-8"), process.wait(timeout=60)

    def test_verdicts_are_a_table_that_fits_the_width(self):
        for columns in (60, 90, 160):
            with self.subTest(columns):
                text, status = self.on_terminal(
                    "classify", "-m", Fixture.model, Fixture.mixed, columns=columns, NO_COLOR="1")
                self.assertEqual(status, 0)
                self.assertIn("SESSION", text)
                self.assertIn("120 sessions", text)
                rows = text.splitlines()[:-2]
                self.assertTrue(all(len(row) <= columns for row in rows), max(rows, key=len))

    def test_colour_is_used_on_a_terminal_and_not_with_no_color(self):
        coloured, _ = self.on_terminal("kinds", "-m", Fixture.model)
        plain, _ = self.on_terminal("kinds", "-m", Fixture.model, NO_COLOR="1")
        self.assertIn("\x1b[", coloured)
        self.assertNotIn("\x1b[", plain)

    def test_json_can_be_asked_for_on_a_terminal(self):
        text, _ = self.on_terminal("kinds", "-m", Fixture.model, "--json")
        self.assertTrue(text.startswith("{"))

    def test_progress_is_shown_on_a_terminal_and_taken_away(self):
        model = self.folder / "m.birchlog"
        arguments = ["train", "--normal", Fixture.normal, "--session", SESSION, "-o", model, *QUICK]
        text, status = self.on_terminal(*arguments)
        self.assertEqual(status, 0)
        self.assertIn("\r\x1b[K", text)
        self.assertRegex(text, r" \d+ %  \d+ of \d+")
        quiet, _ = self.on_terminal(*arguments, "--quiet")
        self.assertNotIn("\r\x1b[K", quiet)

    def test_log_text_cannot_steer_the_terminal(self):
        log = self.folder / "hostile.log"
        log.write_bytes(Fixture.mixed.read_bytes().replace(b"gateway did", b"\x1b]0;owned\x07\x1b[2J did"))
        text, _ = self.on_terminal("classify", "-m", Fixture.model, log, NO_COLOR="1")
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\x07", text)

    def test_reading_files_shows_a_bar_when_the_findings_go_elsewhere(self):
        log = self.folder / "long.log"
        # Findings come 8,192 units at a time, and the bar with them.
        log.write_bytes(Fixture.mixed.read_bytes() * 120)
        command = f"{COMMAND} classify -m {Fixture.model} {log} --option idle_seconds=1 > {self.folder}/out.jsonl"
        master, slave = pty.openpty()
        process = subprocess.Popen(["sh", "-c", command], stdin=subprocess.DEVNULL, stderr=slave, close_fds=True, env={**os.environ, "TERM": "xterm"})
        os.close(slave)
        output = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            output += part
        os.close(master)
        self.assertEqual(process.wait(timeout=60), 0)
        text = output.decode("utf-8")
        self.assertIn("Classifying", text)
        self.assertIn("MB/s", text)
        self.assertTrue(text.rstrip().endswith("\x1b[K"), text[-40:])
