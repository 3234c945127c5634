import Glibc

/// A copy of an input that can be read only once, such as a pipe; gone when the process ends.
final class InputCopy {
  /// Where the copy can be read, as often as needed.
  var path: String { "/proc/self/fd/\(descriptor)" }

  private let descriptor: Int32

  /// Copies an input, "-" being standard input; nil where `path` is a file that can be read again.
  init?(ofUnrepeatable path: String) throws {
    var status = stat()
    let isStandardInput = path == "-"
    if !isStandardInput {
      // What cannot be looked at is the library's to report.
      guard stat(path, &status) == 0 else { return nil }
      let kind = status.st_mode & S_IFMT
      guard kind != S_IFREG, kind != S_IFDIR else { return nil }
    }
    let source = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { return nil }
    defer { if !isStandardInput { close(source) } }
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    guard let name = strdup("\(folder)/birchlog-XXXXXX") else { return nil }
    defer { free(name) }
    descriptor = mkstemp(name)
    guard descriptor >= 0 else {
      throw CommandFailure(
        .input,
        "No copy of \(path) could be made in \(folder) (\(String(cString: strerror(errno)))); set TMPDIR to another folder."
      )
    }
    unlink(name)
    try copy(from: source, named: path)
  }

  deinit { close(descriptor) }

  private func copy(from source: Int32, named path: String) throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw CommandFailure(
          .input, "\(path) could not be read (\(String(cString: strerror(errno)))).")
      }
      guard count > 0 else { return }
      let failure = FileDescriptorWriter.write(Array(buffer[..<count]), to: descriptor)
      guard failure == 0 else {
        throw CommandFailure(
          .input,
          "The copy of \(path) could not be written (\(String(cString: strerror(failure)))); set TMPDIR to a folder with room."
        )
      }
    }
  }
}
