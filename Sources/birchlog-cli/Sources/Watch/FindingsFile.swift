import Glibc

/// A file of findings that grows; it takes the place of standard output.
struct FindingsFile {
  /// Where a snapshot left a file of findings.
  struct Place: Codable {
    let path: String
    let identity: FileIdentity
    /// Bytes.
    let length: Int64
    /// A hash of the last bytes; nil for a file that may not be read.
    let tail: UInt64?
  }

  private let path: String

  /// Opens the file and appends to it; a device or a pipe is written straight.
  ///
  /// - Parameter earlier: what was written when the snapshot was taken: later findings will be found
  ///   again, so they are taken off.
  /// - Returns: a warning, too, when findings may come twice.
  /// - Throws: when another watch writes the file, or it is not the one that the snapshot speaks of:
  ///   a file that is nothing of ours is never cut.
  static func open(_ path: String, earlier: Place?) throws -> (file: FindingsFile, warning: String?)
  {
    var status = stat()
    let isRegular = stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
    let flags = O_APPEND | O_CLOEXEC | O_NOCTTY | (isRegular ? O_CREAT : 0)
    var descriptor = Glibc.open(path, flags | (isRegular ? O_RDWR : O_WRONLY), 0o644)
    if descriptor < 0, errno == EACCES { descriptor = Glibc.open(path, flags | O_WRONLY, 0o644) }
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    guard fstat(descriptor, &status) == 0 else { throw failure(path) }
    var warning: String?
    if isRegular {
      guard FileLock.lock(descriptor) else {
        throw CommandFailure(
          .input, "\(path) is being written by another watch; give each a file of its own with -o.")
      }
      if let earlier { warning = try goOn(descriptor, path, status, from: earlier) }
    }
    guard StandardOutput.shared.redirect(to: descriptor, named: path, isAppended: isRegular) else {
      throw failure(path)
    }
    return (FindingsFile(path: path), warning)
  }

  /// Where the file stands, safe on disk when this returns; nil for a device or a pipe.
  func place() -> Place? {
    fsync(STDOUT_FILENO)
    var status = stat()
    guard fstat(STDOUT_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Place(
      path: OutputFile.resolved(path), identity: FileIdentity(status),
      length: Int64(status.st_size),
      tail: Self.tail(STDOUT_FILENO, length: Int64(status.st_size)))
  }

  /// Whether the path still names the file that is written.
  var isInPlace: Bool {
    var own = stat()
    var named = stat()
    guard fstat(STDOUT_FILENO, &own) == 0, own.st_mode & S_IFMT == S_IFREG else { return true }
    return stat(path, &named) == 0 && FileIdentity(named) == FileIdentity(own)
  }

  /// Takes off what the snapshot does not know of.
  private static func goOn(
    _ descriptor: Int32, _ path: String, _ status: stat, from earlier: Place
  ) throws -> String? {
    let length = Int64(status.st_size)
    let isSame = FileIdentity(status) == earlier.identity
    let hasTail =
      length >= earlier.length && tail(descriptor, length: earlier.length) == earlier.tail
    if hasTail, isSame || earlier.tail != nil && earlier.length > 0 {
      guard length == earlier.length || ftruncate(descriptor, off_t(earlier.length)) == 0 else {
        throw failure(path)
      }
      return nil
    }
    guard length > 0, !isSame else {
      return length == 0 && OutputFile.resolved(path) != earlier.path
        ? nil
        : "\(path) is not as the snapshot left it; what was found since then may be written twice."
    }
    throw CommandFailure(
      .input,
      "\(path) is not the file of findings that the snapshot knows (\(earlier.path)), and could lose its content; name that one with -o, or a new one."
    )
  }

  /// A hash (FNV-1a) of up to 4 KiB that end at `length`.
  private static func tail(_ descriptor: Int32, length: Int64) -> UInt64? {
    var bytes = [UInt8](repeating: 0, count: Int(min(length, 4096)))
    guard pread(descriptor, &bytes, bytes.count, off_t(length) - off_t(bytes.count)) == bytes.count
    else { return nil }
    return bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  private static func failure(_ path: String) -> CommandFailure {
    CommandFailure(.input, "\(path) cannot be written: \(String(cString: strerror(errno))).")
  }
}
