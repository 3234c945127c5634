import Glibc

/// What is said when Ctrl-C or a signal to end stops a training that keeps a checkpoint; the command still ends by the signal.
enum StopNotice {
  /// Says from now on that the training goes on from `checkpoint` when it is run again.
  static func install(checkpoint: String, isInteractive: Bool) {
    let text =
      "\(isInteractive ? "\n" : "")birchlog: stopped; the same command goes on from \(DisplayText.clean(checkpoint)).\n"
    stopped = Stopped(path: strdup(checkpoint), words: strdup(text), length: text.utf8.count)
    for number in [SIGINT, SIGTERM] {
      // A signal that whoever started us ignores stays ignored, as nohup wants it.
      var present = sigaction()
      sigaction(number, nil, &present)
      let handler = present.__sigaction_handler.sa_handler
      guard handler.map({ unsafeBitCast($0, to: Int.self) }) != ignored else { continue }
      signal(number, tellAndEnd)
    }
  }

  private static let ignored = 1
}

/// What the signal handler reads: where nothing may be allocated or locked, it is made beforehand.
private struct Stopped {
  var path: UnsafeMutablePointer<CChar>?
  var words: UnsafeMutablePointer<CChar>?
  var length = 0
}

nonisolated(unsafe) private var stopped = Stopped()

/// Says that there is something to go on from, where there is, and ends as the signal would have.
private func tellAndEnd(_ number: Int32) {
  if let path = stopped.path, access(path, F_OK) == 0 {
    _ = write(STDERR_FILENO, stopped.words, stopped.length)
  }
  signal(number, SIG_DFL)
  raise(number)
}
