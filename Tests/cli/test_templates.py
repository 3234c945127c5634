"""`birchlog templates`: tables and JSON of templates, and every line by them."""

import gzip
import json
import subprocess
import unittest

from support import COMMAND, CommandTest, run

LINES = (
    b"2025-03-05T08:00:00Z INFO [a] peer 10.0.0.1:80 took 12ms\n"
    b"\n"
    b"2025-03-05T08:00:01Z INFO [a] peer 10.0.0.2:81 took 7ms\n"
    b"2025-03-05T08:00:01Z WARN [b] disk full\r\n"
    b"  \t\n"
    b"2025-03-05T08:00:02Z INFO [a] peer 10.0.0.3:82 took 9ms"
)


class TemplatesTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.log = self.folder / "service.log"
        self.log.write_bytes(LINES)

    def objects(self, *arguments, data=None):
        result = subprocess.run([COMMAND, "templates", *map(str, arguments)], input=data, capture_output=True, check=True)
        self.assertEqual(result.stderr, b"")
        return [json.loads(line) for line in result.stdout.decode("utf-8").splitlines()]

    def test_templates_are_printed_as_json_lines(self):
        first, second = self.objects(self.log)
        self.assertEqual(first["count"], 3)
        self.assertEqual(first["parameters"][-3:], ["ip", "port", "duration"])
        self.assertTrue(first["template"].endswith("peer <*>:<*> took <*>"))
        self.assertEqual((second["count"], second["parameters"]), (1, []))

    def test_every_physical_line_is_printed(self):
        lines = self.objects("--lines", self.log)
        self.assertEqual([line["line"] for line in lines], [1, 2, 3, 4, 5, 6])
        events = [line["event"] for line in lines]
        self.assertEqual((events[1], events[4]), (0, 0))
        self.assertEqual(events[0], events[2])
        self.assertEqual(events[0], events[5])
        self.assertNotEqual(events[0], events[3])
        self.assertEqual(list(lines[0]), ["line", "event", "template", "parameters"])
        for line in lines:
            self.assertEqual(line["template"].count("<*>"), len(line["parameters"]))
        self.assertEqual(lines[5]["parameters"][-3:], [
            {"type": "ip", "value": "10.0.0.3"}, {"type": "port", "value": "82"}, {"type": "duration", "value": "9ms"},
        ])

    def test_without_a_header_the_whole_line_is_content(self):
        lines = self.objects("--lines", "--no-header", self.log)
        self.assertEqual([line["line"] for line in lines], [1, 2, 3, 4, 5, 6])
        self.assertEqual(lines[0]["template"], "<*> INFO [a] peer <*>:<*> took <*>")
        objects = self.objects("--lines", "--no-header", data=b'{"message":"a"}\n{"message":"b"}\n')
        self.assertEqual([line["template"] for line in objects], ['{"message":"a"}', '{"message":"b"}'])

    def test_standard_input_and_gzip_give_the_same(self):
        expected = self.objects("--lines", self.log)
        self.assertEqual(self.objects("--lines", data=LINES), expected)
        self.assertEqual(self.objects("--lines", "-", data=gzip.compress(LINES)), expected)
        packed = self.folder / "service.log.gz"
        packed.write_bytes(gzip.compress(LINES))
        self.assertEqual(self.objects("--lines", packed), expected)
        self.assertEqual(self.objects(packed), self.objects(data=LINES))

    def test_lines_show_events_as_of_the_end(self):
        names = [bytes([97 + n]) * 4 for n in range(12)]
        lines = self.objects("--lines", data=b"".join(b"worker %s joined the pool\n" % name for name in names))
        self.assertEqual({line["event"] for line in lines}, {1})
        self.assertEqual({line["template"] for line in lines}, {"worker <*> joined the pool"})
        self.assertEqual(lines[3]["parameters"], [{"type": "word", "value": "dddd"}])

    def test_threads_change_nothing(self):
        data = b"".join(b"step %d of %s is %s\n" % (n, bytes([97 + n % 23]) * 3, bytes([97 + n % 7])) for n in range(60000))
        one = self.objects("--lines", "--threads", "1", data=data)
        self.assertEqual(len(one), 60000)
        self.assertEqual(self.objects("--lines", "--threads", "2", data=data), one)

    def test_several_inputs_share_their_templates(self):
        events = [line["event"] for line in self.objects("--lines", self.log, self.log)]
        self.assertEqual(events[:6], events[6:])

    def test_records_of_a_format_keep_their_lines(self):
        lines = self.objects("--lines", data=b'{"message":"a 1"}\n\n{"message":"a 2"}\n')
        self.assertEqual([(line["line"], line["event"]) for line in lines], [(1, 1), (2, 0), (3, 1)])
        self.assertEqual(lines[0]["template"], "a <*>")

    def test_the_table_fits_its_width(self):
        result = run("templates", "--table", self.log, environment={"COLUMNS": "72"})
        self.assertEqual(result.returncode, 0)
        text = result.stdout.decode("utf-8")
        self.assertIn("6 lines, 2 templates, 2 blank lines", text)
        self.assertTrue(all(len(line) <= 72 for line in text.splitlines()))

    def test_bytes_of_any_kind_are_parsed(self):
        data = bytes(range(256)) * 40 + b"\n" + b"x" * 3_000_000 + b"\nend\n"
        result = subprocess.run([COMMAND, "templates", "--lines"], input=data, capture_output=True, check=True)
        lines = [json.loads(line) for line in result.stdout.decode("utf-8").splitlines()]
        self.assertEqual([line["line"] for line in lines], list(range(1, data.count(b"\n") + 1)))
        self.assertIn(b"longer than", result.stderr)

    def test_what_cannot_be_read_is_refused(self):
        self.assert_refused(run("templates", self.folder / "none.log"), 3, self.folder / "none.log")
        self.assert_refused(run("templates", "--lines", self.folder), 3, self.folder)
        self.assertEqual(run("templates", "--lines", "--table", self.log).returncode, 2)
        self.assertEqual(run("templates", "--no-header", "--format", "csv", self.log).returncode, 2)


if __name__ == "__main__":
    unittest.main()
