import Glibc

/// Standard output through one buffer; it ends the process quietly when its reader has gone.
final class StandardOutput {
  // The command writes from its main thread only.
  nonisolated(unsafe) static let shared = StandardOutput()

  private var buffer: [UInt8] = []
  private let capacity = 1 << 16

  /// Appends `text`; it reaches the reader with the next flush or when the buffer is full.
  func write(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= capacity { flush() }
  }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= capacity { flush() }
  }

  /// Hands everything to the reader.
  func flush() {
    guard !buffer.isEmpty else { return }
    let outcome = FileDescriptorWriter.write(buffer, to: STDOUT_FILENO)
    buffer.removeAll(keepingCapacity: true)
    switch outcome {
    case 0:
      return
    case EPIPE:
      // As any filter whose reader left: by the signal, without a word.
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
      _exit(141)
    default:
      StandardError.write(
        "birchlog: Standard output could not be written (\(String(cString: strerror(outcome)))).\n")
      _exit(ExitStatus.input.rawValue)
    }
  }
}

/// Standard error, unbuffered.
enum StandardError {
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
}
