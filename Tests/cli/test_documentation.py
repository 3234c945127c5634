"""Manual and completions, which are made from the command's own table."""

import json
import os
import pathlib
import shutil
import subprocess
import unittest

from support import COMMAND, CommandTest, run

SHARE = pathlib.Path(shutil.which(COMMAND) or COMMAND).resolve().parents[1] / "share"
MANUAL = SHARE / "man/man1/birchlog.1"
COMPLETIONS = {
    "bash": SHARE / "bash-completion/completions/birchlog",
    "zsh": SHARE / "zsh/site-functions/_birchlog",
    "fish": SHARE / "fish/vendor_completions.d/birchlog.fish",
}


def commands(command, path=()):
    """Every command below one with its path; help is the parser's own."""
    for sub in command.get("subcommands", []):
        if sub["commandName"] != "help":
            yield (*path, sub["commandName"]), sub
            yield from commands(sub, (*path, sub["commandName"]))


def long_options(command):
    return [name["name"] for argument in command.get("arguments", []) for name in argument.get("names", []) if name["kind"] == "long"]


class DocumentationTest(CommandTest):
    @classmethod
    def setUpClass(cls):
        cls.table = list(commands(json.loads(run("--experimental-dump-help").stdout)["command"]))

    def test_the_table_holds_the_commands(self):
        names = [path[-1] for path, _ in self.table]
        for name in ("train", "classify", "watch", "refit", "kinds", "explain", "report", "eval", "inspect"):
            self.assertIn(name, names)

    def test_the_manual_holds_every_command_and_option(self):
        text = MANUAL.read_text(encoding="utf-8").replace("\\-", "-").replace("\\e", "\\")
        sections = text.split("\n.SS ")
        for path, command in self.table:
            section = next((part for part in sections if part.startswith("birchlog " + " ".join(path) + "\n")), "")
            self.assertTrue(section, path)
            for option in long_options(command):
                self.assertIn(f"\\fB--{option}\\fR", section, path)
        for option in json.loads(run("options", "--json").stdout):
            self.assertIn(f"\\fB{option['key']}\\fR", text)

    @unittest.skipUnless(shutil.which("groff"), "needs groff to format the manual")
    def test_the_manual_is_formatted_without_a_warning(self):
        result = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww", str(MANUAL)], capture_output=True, timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr, b"")

    def test_the_completions_hold_every_command_and_option(self):
        for shell, path in COMPLETIONS.items():
            text = path.read_text(encoding="utf-8")
            for names, command in self.table:
                with self.subTest(shell, command=" ".join(names)):
                    self.assertIn(names[-1], text)
                    for option in long_options(command):
                        self.assertRegex(text, rf"(--|-l '?\"?){option}\b")

    def test_bash_completes_commands_options_and_library_options(self):
        def completed(line):
            script = f"""
                source {COMPLETIONS["bash"]}
                COMP_LINE={line!r} COMP_POINT=${{#COMP_LINE}}
                COMP_POINT={len(line)}
                read -ra COMP_WORDS <<< "$COMP_LINE"
                [[ "$COMP_LINE" == *' ' ]] && COMP_WORDS+=("")
                COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
                _birchlog birchlog "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD-1]}}"
                printf '%s\\n' "${{COMPREPLY[@]}}"
            """
            folder = str(pathlib.Path(shutil.which(COMMAND) or COMMAND).parent)
            result = subprocess.run(
                ["bash", "-c", script], capture_output=True, timeout=60, env={**os.environ, "PATH": folder + ":" + os.environ["PATH"]})
            return result.stdout.decode().split()

        self.assertIn("classify", completed("birchlog cl"))
        self.assertIn("--fail-on-anomaly", completed("birchlog classify --fa"))
        self.assertTrue(any(word.startswith("epochs=") for word in completed("birchlog train --option ep")))

    def test_every_shell_takes_its_script(self):
        checks = {"bash": ["bash", "-n"], "zsh": ["zsh", "-n"], "fish": ["fish", "--no-execute"]}
        for shell, check in checks.items():
            if shutil.which(check[0]):
                with self.subTest(shell):
                    result = subprocess.run([*check, str(COMPLETIONS[shell])], capture_output=True, timeout=60)
                    self.assertEqual((result.returncode, result.stderr), (0, b""))

    def test_the_options_are_listed_with_their_defaults(self):
        options = {option["key"]: option for option in json.loads(run("options", "--json").stdout)}
        self.assertEqual(options["window"]["default"], 10)
        self.assertTrue(options["idle_seconds"]["classification"])
        self.assertFalse(options["epochs"]["classification"])
        result = run("options", "--table", environment={"COLUMNS": "80"})
        self.assert_success(result)
        rows = result.stdout.decode().splitlines()
        self.assertEqual(len(rows), len(options) + 1)
        self.assertTrue(all(len(row) <= 80 for row in rows))
