import Glibc

/// Set by the handler; a lone word that only ever goes from 0 to the signal's number.
nonisolated(unsafe) private var received: sig_atomic_t = 0

/// SIGINT, SIGTERM and SIGHUP as a wish to end in order; a second one ends at once.
enum StopSignal {
  /// Listens from now on. Waiting calls are interrupted.
  static func listen() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { received = sig_atomic_t($0) }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      sigaction(number, &action, nil)
    }
  }

  static var isReceived: Bool { received != 0 }
}
