import Glibc

/// The bytes of a file or of standard input, unpacked when they are gzip.
///
/// Gzip is recognised by its first two bytes, also on a pipe.
final class ByteSource {
  let path: String
  private let descriptor: Int32
  private let ownsDescriptor: Bool
  /// Bytes that are given out instead of a descriptor's, and how many of them were.
  private var memory: UnsafeRawBufferPointer?
  private var memoryOffset = 0
  /// Bytes that were read to recognise the format and not yet given out.
  private var head: [UInt8] = []
  private var inflater: GzipInflater?
  private var started = false

  /// Opens a file, or standard input for `-`.
  ///
  /// - Throws: `notFound`, `isDirectory`, `permissionDenied` or `readFailed`.
  init(path: String) throws(LogTextError) {
    if path == "-" {
      self.path = "standard input"
      descriptor = 0
      ownsDescriptor = false
    } else {
      self.path = path
      let opened = open(path, O_RDONLY | O_CLOEXEC)
      guard opened >= 0 else { throw Self.failure(path, errno) }
      descriptor = opened
      ownsDescriptor = true
    }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      // The initialiser failed after every property was set, so deinit closes the descriptor.
      throw .isDirectory(path: self.path)
    }
  }

  /// Gives out bytes that outlive the source, as they are.
  init(bytes: UnsafeRawBufferPointer, name: String) {
    path = name
    descriptor = -1
    ownsDescriptor = false
    memory = bytes
    started = true
  }

  deinit {
    if ownsDescriptor { close(descriptor) }
  }

  /// Whether the bytes come from something that can be read again from the start.
  var isSeekable: Bool { lseek(descriptor, 0, SEEK_CUR) >= 0 }

  /// Goes on at a place of a file that is not packed; false for a packed one, which stays at its
  /// start.
  ///
  /// - Throws: `readFailed`.
  func seek(to offset: UInt64) throws(LogTextError) -> Bool {
    if !started {
      started = true
      try recogniseGzip()
    }
    guard inflater == nil, let place = off_t(exactly: offset) else { return false }
    guard lseek(descriptor, place, SEEK_SET) >= 0 else { throw Self.failure(path, errno) }
    head = []
    return true
  }

  /// Fills the buffer with up to its size and returns how many bytes it wrote: 0 at the end.
  ///
  /// - Throws: `readFailed`, `truncatedGzip` or `damagedGzip`; all bytes before the failure have been given out.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogTextError) -> Int {
    if !started {
      started = true
      try recogniseGzip()
    }
    if let inflater { return try inflater.read(into: buffer, from: self) }
    return try readStored(into: buffer)
  }

  /// Bytes as they are stored, before any unpacking.
  func readStored(into buffer: UnsafeMutableRawBufferPointer) throws(LogTextError) -> Int {
    if let memory {
      let part = memory[memoryOffset..<min(memory.count, memoryOffset + buffer.count)]
      buffer.copyBytes(from: part)
      memoryOffset += part.count
      return part.count
    }
    guard head.isEmpty else {
      let count = min(head.count, buffer.count)
      buffer.copyBytes(from: head[..<count])
      head.removeFirst(count)
      return count
    }
    return try readDescriptor(into: buffer)
  }

  private func recogniseGzip() throws(LogTextError) {
    var first: [UInt8] = []
    while first.count < 2 {
      var byte: UInt8 = 0
      // No typed throw crosses the standard library's closure, so the result is carried out of it.
      let result: Result<Int, LogTextError> = withUnsafeMutableBytes(of: &byte) { buffer in
        do throws(LogTextError) {
          return .success(try readDescriptor(into: buffer))
        } catch {
          return .failure(error)
        }
      }
      guard try result.get() == 1 else { break }
      first.append(byte)
    }
    head = first
    if first == [0x1F, 0x8B] { inflater = try GzipInflater(path: path) }
  }

  private func readDescriptor(into buffer: UnsafeMutableRawBufferPointer) throws(LogTextError)
    -> Int
  {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      let code = errno
      switch code {
      case EINTR: continue
      case EAGAIN:
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&waiting, 1, -1)
      default: throw Self.failure(path, code)
      }
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> LogTextError {
    switch code {
    case ENOENT, ENOTDIR: .notFound(path: path)
    case EISDIR: .isDirectory(path: path)
    case EACCES, EPERM: .permissionDenied(path: path)
    default:
      .readFailed(
        path: path, code: code, reason: strerror(code).map { String(cString: $0) } ?? "unknown")
    }
  }
}
