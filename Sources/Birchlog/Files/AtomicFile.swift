import Glibc

/// Writes a file in one step: beside the target first, then renamed over it, so that nobody ever sees a part.
public final class AtomicFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32

  /// Opens a temporary file beside the target.
  public init(path: String) throws(BirchlogError) {
    var information = stat()
    if stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR {
      throw .io("Cannot write \(path): it is a folder; name a file.")
    }
    self.path = path
    temporary = "\(path).\(getpid()).part"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .io("Cannot write \(path): \(Self.reason(errno)).")
    }
  }

  deinit { discard() }

  public func write(_ bytes: [UInt8]) throws(BirchlogError) {
    let failure: Int32? = bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { return errno }
        done += count
      }
      return nil
    }
    if let failure {
      discard()
      throw .io("Cannot write \(path): \(Self.reason(failure)).")
    }
  }

  /// Overwrites bytes at a position that was written before.
  public func overwrite(_ bytes: [UInt8], at position: Int) throws(BirchlogError) {
    let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, position) }
    guard count == bytes.count else {
      let failure = errno
      discard()
      throw .io("Cannot write \(path): \(Self.reason(failure)).")
    }
  }

  /// Puts the file in the target's place, safe against a crash from here on.
  public func commit() throws(BirchlogError) {
    guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
      let failure = errno
      discard()
      throw .io("Cannot write \(path): \(Self.reason(failure)).")
    }
    close(descriptor)
    descriptor = -1
    let folder = open(Self.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Takes back what was written; the target is as it was.
  public func discard() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
    descriptor = -1
  }

  /// What a system error number means.
  static func reason(_ number: Int32) -> String {
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
