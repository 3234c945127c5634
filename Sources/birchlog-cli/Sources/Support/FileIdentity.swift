import Glibc

/// What two paths have in common when they name the same file, through whatever links.
struct FileIdentity: Hashable, Codable {
  let device: UInt64
  /// The file, or the folder of one that is not there yet.
  let file: UInt64
  /// The name of a file that is not there yet.
  let name: String?

  /// The identity of a regular file, or of one to come; nil for standard input and output, devices and pipes.
  init?(_ path: String) {
    guard path != "-" else { return nil }
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { return nil }
      self.init(status)
      return
    }
    let target = OutputFile.resolved(path)
    guard stat(OutputFile.parent(of: target), &status) == 0 else { return nil }
    self.init(status, name: target.split(separator: "/").last.map(String.init))
  }

  /// The identity of a file that was looked at.
  init(_ status: stat, name: String? = nil) {
    (device, file) = (UInt64(status.st_dev), UInt64(status.st_ino))
    self.name = name
  }
}
