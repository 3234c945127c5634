import Glibc
import LogText

/// A file that exists as long as the value that owns it.
final class TemporaryFile {
  let path: String

  init(_ bytes: [UInt8]) {
    var template = Array("/tmp/birchlog-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    var written = 0
    while written < bytes.count {
      written += bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
    close(descriptor)
  }

  convenience init(_ text: String) { self.init(Array(text.utf8)) }

  deinit { unlink(path) }
}

extension LineSource {
  /// A source over bytes: their file is open already when its name goes.
  convenience init(of bytes: [UInt8], lineLimit: Int = defaultLineLimit) throws {
    let file = TemporaryFile(bytes)
    try self.init(path: file.path, lineLimit: lineLimit)
    withExtendedLifetime(file) {}
  }

  /// A source over a text.
  convenience init(of text: String, lineLimit: Int = defaultLineLimit) throws {
    try self.init(of: Array(text.utf8), lineLimit: lineLimit)
  }
}
