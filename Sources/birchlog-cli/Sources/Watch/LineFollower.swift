import Glibc

/// Reads the lines of a file that grows and is rotated, of a pipe, or of standard input.
///
/// A line is given out when its end has come. A file that was renamed is read to its end, and what
/// came after it to theirs, before the new one is begun; one that was cut to nothing is begun anew. No more is read than was asked for:
/// whoever writes into a pipe waits for whoever reads the findings.
final class LineFollower {
  /// A place in the input from which a later process can go on.
  struct Place: Equatable {
    var device: UInt64 = 0
    var file: UInt64 = 0
    /// Bytes of the file up to the end of the last line given out.
    var offset: Int64 = 0
  }

  /// What a step came upon.
  enum Step { case lines, nothing, end }

  /// Bytes of a line beyond which it is cut, as everywhere in Birchlog.
  private static let lineLimit = 1 << 20
  private static let chunkSize = 1 << 16
  /// Milliseconds that a step waits for a pipe.
  private static let pipePause: Int32 = 100
  /// Seconds that a renamed file is still read while the new one stays empty.
  private static let grace = 5

  let path: String
  private let follows: Bool
  private let warn: (String) -> Void
  private var descriptor: Int32 = -1
  private var isRegular = false
  private var carry: [UInt8] = []
  /// The rest of a line that was too long is passed over.
  private var isSkipping = false
  private var chunk = [UInt8](repeating: 0, count: chunkSize)
  private(set) var place = Place()
  private(set) var cutLines = 0
  private(set) var rotations = 0
  /// When the file was first seen to be replaced.
  private var replacedAt: Int?

  /// - Parameters:
  ///   - path: a file, a named pipe, or `-` for standard input.
  ///   - follows: waits for more at the end instead of ending.
  ///   - warn: takes a sentence on what is missing.
  init(path: String, follows: Bool, warn: @escaping (String) -> Void) {
    self.path = path
    self.follows = follows
    self.warn = warn
  }

  deinit { closeFile() }

  /// Opens the input at its beginning, at its end, or at a place of an earlier process.
  func open(at earlier: Place?, fromEnd: Bool) throws {
    if path == "-" {
      descriptor = STDIN_FILENO
      return
    }
    guard openFile(path) else {
      // A file that is yet to be written is waited for.
      if errno == ENOENT, follows { return warn("\(path) is not there yet; it is waited for.") }
      throw CommandFailure(.input, "Cannot read \(path): \(String(cString: strerror(errno))).")
    }
    guard isRegular else { return }
    if let earlier { return resume(earlier) }
    if fromEnd { place.offset = Int64(lseek(descriptor, 0, SEEK_END)) }
  }

  /// Bytes that the file holds beyond the last line given out; 0 for a pipe.
  var lag: Int64 {
    var status = stat()
    guard isRegular, fstat(descriptor, &status) == 0 else { return 0 }
    return max(0, Int64(status.st_size) - place.offset)
  }

  /// Reads once, and gives out the lines that are whole.
  func step(_ take: (UnsafeRawBufferPointer) throws -> Void) throws -> Step {
    guard descriptor >= 0 else { return openFile(path) ? .lines : .nothing }
    if !isRegular {
      var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&event, 1, Self.pipePause) > 0 else { return .nothing }
    }
    let count = read(descriptor, &chunk, chunk.count)
    if count > 0 {
      try chunk.withUnsafeBytes { try give(UnsafeRawBufferPointer(rebasing: $0[..<count]), take) }
      return .lines
    }
    if count < 0 {
      guard errno == EINTR || errno == EAGAIN else {
        throw CommandFailure(.input, "Cannot read \(path): \(String(cString: strerror(errno))).")
      }
      return .nothing
    }
    guard path != "-", follows || isPassed else {
      try giveRest(take)
      return .end
    }
    if !isRegular || wasReplaced() {
      // What its writer added between the last read and the check is still read.
      let more = isRegular ? read(descriptor, &chunk, chunk.count) : 0
      if more > 0 {
        try chunk.withUnsafeBytes { try give(UnsafeRawBufferPointer(rebasing: $0[..<more]), take) }
        return .lines
      }
      try giveRest(take)
      if isRegular { rotations += 1 }
      openNext()
      return isRegular ? .lines : .nothing
    }
    return .nothing
  }

  /// Waits before the next look at a file that has not grown.
  func pause() { _ = poll(nil, 0, 20) }

  private func give(
    _ bytes: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var start = 0
    while start < bytes.count, let base = bytes.baseAddress {
      guard let hit = memchr(base + start, 0x0a, bytes.count - start) else {
        return try carryOver(UnsafeRawBufferPointer(rebasing: bytes[start...]), take)
      }
      let end = UnsafeRawPointer(hit) - base
      let length = Int64(carry.count + end + 1 - start)
      if isSkipping {
        isSkipping = false
        place.offset += Int64(end + 1 - start)
      } else if carry.isEmpty, end - start <= Self.lineLimit {
        place.offset += length
        try take(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      } else {
        carry.append(contentsOf: bytes[start..<end])
        place.offset += length
        try giveCarry(take)
      }
      start = end + 1
    }
  }

  /// Keeps a line without end for later; what is too long is given out and its rest passed over.
  private func carryOver(
    _ bytes: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    if isSkipping {
      place.offset += Int64(bytes.count)
      return
    }
    carry.append(contentsOf: bytes)
    guard carry.count > Self.lineLimit + 1 else { return }
    place.offset += Int64(carry.count)
    isSkipping = true
    try giveCarry(take)
  }

  private func giveCarry(_ take: (UnsafeRawBufferPointer) throws -> Void) throws {
    var line = carry
    carry = []
    if line.last == 0x0d { line.removeLast() }
    if line.count > Self.lineLimit { cutLines += 1 }
    try line.withUnsafeBytes {
      try take(UnsafeRawBufferPointer(rebasing: $0[..<min(line.count, Self.lineLimit)]))
    }
  }

  /// The last line of an input that ended without a newline.
  private func giveRest(_ take: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard !carry.isEmpty else { return }
    place.offset += Int64(carry.count)
    try giveCarry(take)
  }

  private func openFile(_ name: String) -> Bool {
    // Without O_NONBLOCK a named pipe would wait here for its writer, deaf to signals.
    let opened = Glibc.open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard opened >= 0 else { return false }
    var status = stat()
    guard fstat(opened, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      close(opened)
      errno = EISDIR
      return false
    }
    descriptor = opened
    isRegular = status.st_mode & S_IFMT == S_IFREG
    isSkipping = false
    replacedAt = nil
    place = Place(device: UInt64(status.st_dev), file: UInt64(status.st_ino), offset: 0)
    return true
  }

  private func closeFile() {
    if descriptor > STDIN_FILENO { close(descriptor) }
    descriptor = -1
    carry = []
  }

  /// Whether the path names another file now, or the file was cut to nothing.
  private func wasReplaced() -> Bool {
    var now = stat()
    var own = stat()
    guard fstat(descriptor, &own) == 0 else { return true }
    if Int64(own.st_size) < place.offset + Int64(carry.count) { return true }
    guard stat(path, &now) == 0, now.st_ino != own.st_ino || now.st_dev != own.st_dev else {
      replacedAt = nil
      return false
    }
    // Its writer may not have gone over to the new file yet.
    let since = replacedAt ?? time(nil)
    replacedAt = since
    return now.st_size > 0 || !follows || time(nil) - since >= Self.grace
  }

  /// Whether a file of the path is there and is another one than that which is read.
  private var isPassed: Bool {
    var now = stat()
    var own = stat()
    return isRegular && stat(path, &now) == 0 && fstat(descriptor, &own) == 0
      && FileIdentity(now) != FileIdentity(own)
  }

  /// Goes over to the file that was begun next: when the log was rotated more than once, that is
  /// not yet the one of the path.
  private func openNext() {
    var own = stat()
    let isKnown = isRegular && fstat(descriptor, &own) == 0 && isPassed
    closeFile()
    if isKnown {
      for file in RotatedFiles(beside: path).between(own, and: path) {
        if !file.isCompressed, openFile(file.name) { return }
        warn("\(file.name) came before the log of now and cannot be read; its lines are missing.")
      }
    }
    _ = openFile(path)
  }

  /// Goes to a place of an earlier process: in the file itself, or in one that was renamed beside it.
  private func resume(_ earlier: Place) {
    // The file had not been there yet.
    guard earlier.file != 0 else { return }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return }
    if (UInt64(status.st_dev), UInt64(status.st_ino)) == (earlier.device, earlier.file) {
      guard Int64(status.st_size) >= earlier.offset else {
        rotations += 1
        return warn(
          "\(path) is shorter than when the snapshot was taken; it is read from its beginning.")
      }
      lseek(descriptor, off_t(earlier.offset), SEEK_SET)
      place.offset = earlier.offset
      return
    }
    for file in RotatedFiles(beside: path).files where openOther(file.name, earlier) { return }
    rotations += 1
    warn(
      "\(path) was replaced since the snapshot and the old file is gone; lines may be missing between them."
    )
  }

  private func openOther(_ name: String, _ earlier: Place) -> Bool {
    var status = stat()
    guard stat(name, &status) == 0, UInt64(status.st_ino) == earlier.file,
      UInt64(status.st_dev) == earlier.device, Int64(status.st_size) >= earlier.offset
    else { return false }
    closeFile()
    guard openFile(name) else { return openFile(path) && false }
    lseek(descriptor, off_t(earlier.offset), SEEK_SET)
    place.offset = earlier.offset
    return true
  }
}
