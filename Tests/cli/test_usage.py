"""Help, versions and wrong command lines."""

from support import CommandTest, run

COMMANDS = ["train", "classify", "explain", "watch", "refit", "update", "kinds", "eval", "inspect", "report"]


class UsageTest(CommandTest):
    def test_help_of_every_command_ends_well_and_shows_an_example(self):
        for name in COMMANDS:
            with self.subTest(name):
                result = run(name, "--help")
                self.assert_success(result)
                self.assertIn(f"birchlog {name}".encode(), result.stdout)
                self.assertIn(b"Example", result.stdout)

    def test_the_command_alone_prints_help(self):
        result = run()
        self.assert_success(result)
        for name in COMMANDS:
            self.assertIn(name.encode(), result.stdout)

    def test_the_version_is_the_librarys(self):
        result = run("--version")
        self.assert_success(result)
        self.assertRegex(result.stdout, rb"^\d+\.\d+\.\d+\n$")

    def test_what_people_try_for_the_version_tells_it(self):
        for words in (["-v"], ["version"]):
            self.assertEqual(run(*words).stdout, run("--version").stdout)

    def test_help_on_a_word_that_is_no_command_names_the_likely_one(self):
        self.assert_refused(run("help", "clasify"), 2, "did you mean 'classify'?")
        self.assertIn(b"USAGE: birchlog classify", run("help", "classify").stdout)

    def test_a_negative_number_is_a_value_and_refused_as_one(self):
        for words, needle in (
            (["train", "a.log", "-o", "m", "--kinds", "-3"], "kinds"),
            (["train", "a.log", "-o", "m", "--seed", "-1"], "seed"),
            (["train", "a.log", "-o", "m", "--window", "-1"], "window"),
            (["watch", "-m", "m", "a.log", "--interval", "-5"], "--interval"),
        ):
            with self.subTest(words=words):
                result = run(*words, cwd=self.folder)
                self.assert_refused(result, 2, needle)
                self.assertNotIn(b"Missing value", result.stderr)

    def test_help_lists_only_what_a_command_takes(self):
        for name in ("classify", "watch", "eval", "update", "refit"):
            self.assertNotIn(b"--header", run(name, "--help").stdout)
            self.assertNotIn(b"--mask", run(name, "--help").stdout)
        for name in ("train", "templates"):
            self.assertIn(b"--header", run(name, "--help").stdout)

    def test_wrong_usage_gives_status_2(self):
        cases = [
            ["nonsense"],
            ["train"],
            ["train", "--normal"],
            ["train", "a.log", "-o", "m", "--window", "ten"],
            ["train", "a.log", "-o", "m", "--kinds", "many"],
            ["train", "a.log", "-o", "m", "--option", "epochs"],
            ["train", "a.log", "-o", "m", "--seed", "1", "--option", "seed=2"],
            ["classify", "a.log"],
            ["classify", "-m", "m", "--unknown", "a.log"],
            ["classify", "-m", "m", "--json", "--table", "a.log"],
            ["kinds"],
            ["kinds", "name", "-m", "m", "k1"],
            ["eval", "-m", "m", "a.log"],
            ["inspect", "-m", "m", "a.log"],
            ["inspect", "-m", "m", "--features", "x.npy", "--labels", "x.npy"],
            ["report", "-m", "m"],
            ["report", "-m", "m", "--truth", "t.csv", "-o", "r.html"],
        ]
        for arguments in cases:
            with self.subTest(" ".join(arguments)):
                self.assert_refused(run(*arguments, cwd=self.folder), 2)
                self.assert_folder_holds()

    def test_a_wrong_option_value_gives_status_2_and_names_the_option(self):
        cases = {
            "epochs=0": "epochs", "no_such_option=1": "no_such_option", "loss_weights=[1,1,1]": "loss_weights",
            "distance=d9": "distance", "false_positive_rate=2": "false_positive_rate",
        }
        log = self.folder / "a.log"
        log.write_text("a line\n")
        for option, needle in cases.items():
            with self.subTest(option):
                self.assert_refused(run("train", log, "-o", self.folder / "m", "--option", option), 2, needle)
                self.assert_folder_holds("a.log")

    def test_options_that_contradict_each_other_give_status_2(self):
        log = self.folder / "a.log"
        log.write_text("a line\n")
        cases = [
            ["--unit", "session", "--preset", "paper", "--option", "preset=default"],
            ["--format", "text", "--option", "format=csv"],
            ["--session", "(unclosed"],
            ["--format", "pictures"],
            ["--unit", "line"],
            ["--signature", "guess"],
            ["--input", "raw"],
            ["--preset", "magic"],
            ["--window", "0"],
            ["--kinds", "0"],
        ]
        for arguments in cases:
            with self.subTest(" ".join(arguments)):
                self.assert_refused(run("train", log, "-o", self.folder / "m", *arguments), 2)
                self.assert_folder_holds("a.log")

    def test_a_mistyped_word_is_answered_by_the_likely_one(self):
        cases = {
            ("clasify", "-m", "m"): "'classify'",
            ("reprot",): "'report'",
            ("kinds", "nmae", "-m", "m"): "'name'",
            ("classify", "-m", "m", "--sesion", "x"): "'--session'",
            ("classify", "--fail-on-anomalie", "-m", "m"): "'--fail-on-anomaly'",
            ("train", "--nromal", "a.log"): "'--normal'",
            ("explain", "--session-ids", "x", "a.log"): "'--session-id'",
        }
        for arguments, likely in cases.items():
            with self.subTest(" ".join(arguments)):
                self.assert_refused(run(*arguments, cwd=self.folder), 2, "did you mean " + likely)

    def test_a_word_like_no_other_gets_no_guess(self):
        result = run("classify", "-m", "m", "--zzzzzz")
        self.assert_refused(result, 2, "--zzzzzz")
        self.assertNotIn(b"did you mean", result.stderr)

    def test_a_mistyped_library_option_is_answered_by_the_likely_one(self):
        log = self.folder / "a.log"
        log.write_text("a line\n")
        self.assert_refused(run("train", log, "-o", self.folder / "m", "--option", "epoch=3"), 2, "epochs")
