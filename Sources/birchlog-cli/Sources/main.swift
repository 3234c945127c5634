import ArgumentParser
import CBirchlog
import Glibc

birchlog_set_log_callback(
  { message, _ in
    guard let message else { return }
    StandardError.write("birchlog: warning: \(DisplayText.clean(String(cString: message)))\n")
  }, nil)

do {
  var command = try BirchlogCommand.parseAsRoot(UsageReport.words)
  try command.run()
  StandardOutput.shared.flush()
} catch let failure as CommandFailure {
  StandardOutput.shared.flush()
  StandardError.write("birchlog: \(failure.message)\n")
  exit(failure.status.rawValue)
} catch {
  StandardOutput.shared.flush()
  exit(UsageReport.report(error))
}
