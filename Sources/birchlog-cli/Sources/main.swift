import ArgumentParser
import Glibc

do {
  var command = try BirchlogCommand.parseAsRoot()
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
