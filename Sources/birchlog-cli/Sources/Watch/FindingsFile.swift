import Glibc

/// A file of findings that grows; it takes the place of standard output.
struct FindingsFile {
  /// Opens the file and appends to it.
  ///
  /// - Parameter length: what was written when the snapshot was taken: later findings will be found
  ///   again, so they are taken off.
  init(path: String, length: Int64?) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
    if let length, status.st_mode & S_IFMT == S_IFREG, Int64(status.st_size) > length {
      guard ftruncate(descriptor, off_t(length)) == 0 else { throw Self.failure(path) }
    }
    guard dup2(descriptor, STDOUT_FILENO) >= 0 else { throw Self.failure(path) }
    close(descriptor)
  }

  /// Bytes of the file, which are safe on disk when this returns.
  func safeLength() -> Int64? {
    fsync(STDOUT_FILENO)
    var status = stat()
    guard fstat(STDOUT_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int64(status.st_size)
  }

  private static func failure(_ path: String) -> CommandFailure {
    CommandFailure(.input, "\(path) cannot be written: \(String(cString: strerror(errno))).")
  }
}
