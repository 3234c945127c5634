import CBirchlog

/// What the command tells its caller through its exit status.
enum ExitStatus: Int32 {
  /// Anomalies were found and `--fail-on-anomaly` was given.
  case anomalies = 1
  /// The command line or an option is wrong.
  case usage = 2
  /// An input, a model or an output file is at fault.
  case input = 3
}

/// A failure that ends the command: one sentence for people and a status for scripts.
struct CommandFailure: Error {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// The failure that the library's last call on this thread reported.
  init(library status: birchlog_status) {
    let text = String(cString: birchlog_last_error())
    message =
      text.isEmpty ? "The library failed (\(String(cString: birchlog_status_name(status))))." : text
    switch status {
    case BIRCHLOG_ERROR_OPTION, BIRCHLOG_ERROR_ARGUMENT, BIRCHLOG_ERROR_NOT_FOUND:
      self.status = .usage
    default:
      self.status = .input
    }
  }

  /// Throws when a call of the library failed.
  static func check(_ status: birchlog_status) throws {
    guard status != BIRCHLOG_OK else { return }
    throw CommandFailure(library: status)
  }
}
