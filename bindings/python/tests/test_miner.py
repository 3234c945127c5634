import pathlib
import tempfile
import unittest

from birchlog import ArgumentError, FileError, Miner


class MinerTests(unittest.TestCase):
    def test_lines_become_events_templates_and_parameters(self):
        with Miner() as miner:
            self.assertEqual(miner.learn("peer 10.0.0.1:80 took 12ms"), 1)
            self.assertEqual(miner.learn(b"disk full\n"), 2)
            self.assertEqual(miner.learn(" "), 0)
            self.assertEqual(
                miner.parse("peer 10.0.0.9:81 took 7ms"),
                {
                    "event": 1,
                    "template": "peer <*>:<*> took <*>",
                    "parameters": [
                        {"type": "ip", "value": "10.0.0.9"},
                        {"type": "port", "value": "81"},
                        {"type": "duration", "value": "7ms"},
                    ],
                },
            )
            self.assertEqual(miner.statistics()["lines"], 3)
            self.assertEqual([row["event"] for row in miner.templates()], [1, 2])

    def test_parsing_teaches_nothing_and_unknown_lines_get_events_of_their_own(self):
        miner = Miner()
        miner.learn("disk full")
        self.assertEqual(miner.parse("fan 3 stopped")["event"], 2)
        self.assertEqual(miner.parse("fan 4 stopped"), {
            "event": 2, "template": "fan <*> stopped", "parameters": [{"type": "number", "value": "4"}]
        })
        self.assertEqual(len(miner.templates()), 1)

    def test_merged_events_are_told(self):
        miner = Miner()
        names = "ann bob cid dan eve fay gus hal ida jon kim lea".split()
        events = [miner.learn(f"worker {name} joined the pool") for name in names]
        miner.finish()
        self.assertEqual({miner.final_event(event) for event in events}, {1})
        self.assertEqual(miner.templates()[0]["count"], 12)
        self.assertEqual(miner.statistics()["merged"][0], [2, 1])

    def test_files_are_learned_and_parsed_line_by_line(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "a.log")
            path.write_bytes(b"a 1 b\n\nfull\nc\xff 2")
            miner = Miner(header="none", format="text")
            miner.learn_file(path)
            miner.finish()
            lines = list(miner.parse_file(path))
        self.assertEqual([line["line"] for line in lines], [1, 2, 3, 4])
        self.assertEqual([line["event"] for line in lines], [1, 0, 2, 3])
        with self.assertRaises(FileError):
            miner.learn_file("/nonexistent/a.log")
        miner.close()
        with self.assertRaises(ArgumentError):
            miner.learn("x")


if __name__ == "__main__":
    unittest.main()
