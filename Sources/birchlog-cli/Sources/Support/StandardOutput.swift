import Glibc

/// Standard output through one buffer; it ends the process quietly when its reader has gone.
final class StandardOutput {
  // The command writes from its main thread only.
  nonisolated(unsafe) static let shared = StandardOutput()

  private var buffer: [UInt8] = []
  private let capacity = 1 << 16
  /// What a message calls it.
  private var name = "Standard output"
  /// A file of our own: a line that finds no room is taken off again.
  private var isAppended = false

  /// Appends `text`; it reaches the reader with the next flush or when the buffer is full.
  func write(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= capacity { flushLines() }
  }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= capacity { flushLines() }
  }

  /// Writes to another file from now on; false when that fails.
  ///
  /// - Parameter isAppended: the file is appended to, and nobody else does.
  func redirect(to descriptor: Int32, named name: String, isAppended: Bool) -> Bool {
    flush()
    guard dup2(descriptor, STDOUT_FILENO) >= 0 else { return false }
    (self.name, self.isAppended) = (name, isAppended)
    return true
  }

  /// Hands everything to the reader.
  func flush() {
    let all = buffer
    buffer.removeAll(keepingCapacity: true)
    hand(all)
  }

  /// Hands the whole lines to the reader.
  private func flushLines() {
    guard let end = buffer.lastIndex(of: UInt8(ascii: "\n")) else { return }
    let lines = Array(buffer[...end])
    buffer.removeSubrange(...end)
    hand(lines)
  }

  private func hand(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    var status = stat()
    let isCuttable = isAppended && fstat(STDOUT_FILENO, &status) == 0
    let outcome = FileDescriptorWriter.write(bytes, to: STDOUT_FILENO)
    switch outcome {
    case 0:
      return
    case EPIPE:
      // As any filter whose reader left: by the signal, without a word.
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
      _exit(141)
    default:
      if isCuttable { ftruncate(STDOUT_FILENO, status.st_size) }
      StandardError.write(
        "birchlog: \(name) could not be written (\(String(cString: strerror(outcome)))).\n")
      _exit(ExitStatus.input.rawValue)
    }
  }
}

/// Standard error, unbuffered.
enum StandardError {
  /// Writes a sentence of the command.
  static func warn(_ text: String) { write("birchlog: \(text)\n") }

  /// Writes `text` as it stands; a failure has nowhere to be told and is ignored.
  static func write(_ text: String) {
    _ = FileDescriptorWriter.write(Array(text.utf8), to: STDERR_FILENO)
  }
}

/// Whole writes to a file descriptor.
enum FileDescriptorWriter {
  /// Writes all of `bytes`; the result is 0 or the `errno` of the failure.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { all in
      var rest = all[...]
      while !rest.isEmpty {
        let written = Glibc.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written > 0 {
          rest = rest.dropFirst(written)
        } else if written < 0, errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }

  /// Copies what is left of a file; the result is 0 or the `errno` of the failure.
  static func copy(from source: Int32, to descriptor: Int32) -> Int32 {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return count < 0 ? errno : 0 }
      let failure = write(Array(buffer[..<count]), to: descriptor)
      guard failure == 0 else { return failure }
    }
  }
}
