#!/usr/bin/env python3
"""Writes the manual page of the command from its own table of commands and options.

    birchlog --experimental-dump-help | python3 make_manual.py --options OPTIONS.json --version 0.1.0 > birchlog.1

OPTIONS.json is what `birchlog options --json` prints. The same table gives the same page: no clock is read.
"""

import argparse
import json
import sys


def escaped(text):
    """Text as roff: no command at the start of a line, hyphens that can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.splitlines())


def names(argument):
    dashes = {"long": "--", "short": "-", "longWithSingleDash": "-"}
    return [dashes[name["kind"]] + name["name"] for name in argument.get("names", [])]


def value(argument):
    return f" \\fI{escaped(argument['valueName'])}\\fR" if argument["kind"] != "flag" else ""


def synopsis(path, command):
    parts = [f"\\fB{escaped(path)}\\fR"]
    for argument in command.get("arguments", []):
        if not argument.get("shouldDisplay", True) or names(argument) in (["-h", "--help"], ["--version"]):
            continue
        if argument["kind"] == "positional":
            part = f"\\fI{escaped(argument['valueName'])}\\fR"
        else:
            part = f"\\fB{escaped(max(names(argument), key=len))}\\fR" + value(argument)
        if argument["isRepeating"]:
            part += " ..."
        parts.append(f"[{part}]" if argument["isOptional"] else part)
    return " ".join(parts)


def describe(path, command, lines):
    lines += [f".SS {escaped(path)}", escaped(command.get("abstract", "")), ".PP", synopsis(path, command)]
    discussion = command.get("discussion", "")
    for paragraph in filter(None, discussion.split("\n\n")):
        indented = any(line.startswith("  ") for line in paragraph.splitlines())
        lines += [".PP"] + ([".nf", escaped(paragraph), ".fi"] if indented else [escaped(paragraph)])
    for argument in command.get("arguments", []):
        if not argument.get("shouldDisplay", True):
            continue
        if argument["kind"] == "positional":
            title = f"\\fI{escaped(argument['valueName'])}\\fR"
        else:
            title = ", ".join(f"\\fB{escaped(name)}\\fR" for name in sorted(names(argument), key=len)) + value(argument)
        text = " ".join(filter(None, (argument.get("abstract"), argument.get("discussion"))))
        lines += [".TP", title, escaped(text.replace("\n", " "))]
    for sub in command.get("subcommands", []):
        if sub["commandName"] != "help" and sub.get("shouldDisplay", True):
            describe(f"{path} {sub['commandName']}", sub, lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--options", required=True)
    parser.add_argument("--version", required=True)
    arguments = parser.parse_args()
    command = json.load(sys.stdin)["command"]
    with open(arguments.options, encoding="utf-8") as file:
        options = json.load(file)
    name = command["commandName"]
    lines = [
        f'.TH {name.upper()} 1 "" "{name} {arguments.version}"', ".SH NAME",
        f"{name} \\- {escaped(command['abstract'].rstrip('.'))}", ".SH SYNOPSIS",
        f"\\fB{name}\\fR \\fIsubcommand\\fR [\\fIoptions\\fR]", ".SH DESCRIPTION",
    ]
    for paragraph in command.get("discussion", "").split("\n\n"):
        lines += [".PP", ".nf", escaped(paragraph), ".fi"] if "\n  " in paragraph else [".PP", escaped(paragraph)]
    lines.append(".SH COMMANDS")
    for sub in command["subcommands"]:
        if sub["commandName"] != "help":
            describe(f"{name} {sub['commandName']}", sub, lines)
    lines += [".SH OPTIONS OF THE LIBRARY", "Set with \\fB\\-\\-option\\fR \\fIkey=value\\fR. Those with * may be set when a log is classified too."]
    for option in options:
        default = json.dumps(option["default"], ensure_ascii=False) if option["default"] is not None else "none"
        mark = " *" if option["classification"] else ""
        lines += [".TP", f"\\fB{escaped(option['key'])}\\fR{mark}", escaped(f"{option['expected']}; default {default}")]
    lines += [
        ".SH EXIT STATUS", "0 fine, 1 anomalies with \\fB\\-\\-fail\\-on\\-anomaly\\fR, 2 wrong usage, 3 input or model at fault.",
        ".SH ENVIRONMENT", ".TP", "\\fBNO_COLOR\\fR", "No colours, whatever the terminal can.", ".TP", "\\fBCOLUMNS\\fR",
        "Width of tables where standard output is no terminal.",
    ]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
