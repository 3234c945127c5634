import CBirchlog

/// Carries a closure through the library's callback.
final class FindingsReceiver {
  private let receive: (Findings) throws -> Void
  private var failure: (any Error)?

  private init(_ receive: @escaping (Findings) throws -> Void) {
    self.receive = receive
  }

  /// Runs a call of the library that hands findings over; a failure of `receive` ends it.
  static func run(
    _ receive: @escaping (Findings) throws -> Void,
    _ call: (birchlog_findings_callback, UnsafeMutableRawPointer) -> birchlog_status
  ) throws {
    let receiver = FindingsReceiver(receive)
    let status = call(
      { findings, context in
        guard let findings, let context else { return 0 }
        return Unmanaged<FindingsReceiver>.fromOpaque(context).takeUnretainedValue().take(findings)
      }, Unmanaged.passUnretained(receiver).toOpaque())
    if let failure = receiver.failure { throw failure }
    try CommandFailure.check(status)
  }

  private func take(_ findings: OpaquePointer) -> Int32 {
    do {
      try receive(Findings(handle: findings))
      return 0
    } catch {
      failure = error
      return 1
    }
  }
}
