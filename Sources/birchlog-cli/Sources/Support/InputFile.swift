import Glibc

/// Small files that the command reads itself.
enum InputFile {
  /// Bytes of a file at most.
  private static let limit = 1 << 28

  /// The whole file at `path`; `-` is standard input.
  static func read(_ path: String) throws -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, errno) }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(path, errno)
      }
      bytes += buffer[..<count]
      guard bytes.count <= limit else {
        throw CommandFailure(.input, "\(path) is larger than 256 MiB; that is no export of kinds.")
      }
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> CommandFailure {
    CommandFailure(.input, "\(path) cannot be read: \(String(cString: strerror(code))).")
  }
}
