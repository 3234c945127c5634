import ArgumentParser
import CBirchlog

/// The command `birchlog`: a thin layer of words over the library's C interface.
struct BirchlogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "birchlog",
    abstract: "Finds the kinds of anomaly in a log, without labels.",
    discussion: """
      Birchlog learns from a log that is known to be fine, sorts what departs from it into kinds, and then names the \
      kind of every new session.

      A first round, on a log whose lines carry a request id:
        birchlog train --normal good.log mixed.log --session 'req-\\w+' \\
          -o service.birchlog
        birchlog kinds -m service.birchlog
        birchlog classify -m service.birchlog today.log

      Results are tables on a terminal and JSON Lines elsewhere (--json and --table choose).
      Exit status: 0 fine, 1 anomalies with --fail-on-anomaly, 2 wrong usage, 3 input or model at fault.
      """,
    version: String(cString: birchlog_version()),
    subcommands: [
      Train.self, Classify.self, Explain.self, Watch.self, Refit.self, Update.self, Kinds.self,
      Evaluate.self, Inspect.self, Report.self, Templates.self, ListOptions.self,
    ])
}
