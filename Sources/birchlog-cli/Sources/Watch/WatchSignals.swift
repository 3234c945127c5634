import Glibc

/// Set by the handlers; lone words.
nonisolated(unsafe) private var stop: sig_atomic_t = 0
nonisolated(unsafe) private var hangUp: sig_atomic_t = 0

/// What signals ask of a watch: SIGINT and SIGTERM to end in order, a second one at once; SIGHUP to
/// take up its files anew, or, from a terminal that goes away, to end too.
enum WatchSignals {
  /// Listens from now on. Waiting calls are interrupted.
  static func listen() {
    let hangsUp = isatty(STDOUT_FILENO) == 0
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      if number == SIGHUP, hangsUp {
        action.__sigaction_handler.sa_handler = { hangUp = sig_atomic_t($0) }
      } else {
        action.__sigaction_handler.sa_handler = { stop = sig_atomic_t($0) }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      }
      sigaction(number, &action, nil)
    }
  }

  static var hasStop: Bool { stop != 0 }

  /// Whether SIGHUP came since the last call.
  static func takeHangUp() -> Bool {
    defer { hangUp = 0 }
    return hangUp != 0
  }
}
