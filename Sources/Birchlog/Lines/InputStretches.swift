import Glibc
import LogText

/// Stretches of inputs that come later: what the beginning of the first one does not show, a session
/// key for instance, may be there. Pipes are left alone, for what is read of them is gone.
struct InputStretches {
  /// A run of whole lines.
  struct Stretch {
    var bytes: [UInt8]
    var format: InputFormat
    /// What the input is called.
    var name: String?
  }

  private(set) var stretches: [Stretch] = []

  /// Inputs that are opened, stretches that are taken, and bytes of a stretch, at most.
  private static let inputLimit = 64
  private static let stretchLimit = 7
  private static let byteLimit = 1 << 20

  /// - Parameter inputs: all of them in order; of the first one only the middle is taken.
  init(_ inputs: [Trainer.Input], reader: InputReader) {
    for (index, input) in inputs.prefix(Self.inputLimit).enumerated() {
      guard stretches.count < Self.stretchLimit else { break }
      switch input.source {
      case .sessions: continue
      case .lines(let bytes):
        guard index > 0 else { continue }
        let head = Array(bytes.prefix(Self.byteLimit))
        add(head, head.withUnsafeBytes { reader.bufferFormat(of: $0) }, of: input)
      case .file(let path):
        guard let size = Self.regularSize(path),
          let source = try? LineSource(path: path)
        else { continue }
        let format = reader.format(of: source)
        let head = source.peek(Self.byteLimit)
        if index > 0 { add(Array(head), format, of: input) }
        // Of a packed file, and of a table below its heading, only the beginning can be understood.
        let isPlain = head.prefix(64).elementsEqual(Self.bytes(of: path, from: 0, count: 64))
        if isPlain, format == .text || format == .jsonLines, size > 4 * Self.byteLimit {
          let middle = Self.bytes(of: path, from: size / 2, count: Self.byteLimit)
          if let newline = middle.firstIndex(of: 0x0A) {
            add(Array(middle[(newline + 1)...]), format, of: input)
          }
        }
      }
    }
  }

  private mutating func add(_ bytes: [UInt8], _ format: InputFormat, of input: Trainer.Input) {
    guard format != .sequences, !bytes.isEmpty else { return }
    stretches.append(Stretch(bytes: bytes, format: format, name: input.name))
  }

  /// Size of a regular file; nil for anything else.
  private static func regularSize(_ path: String) -> Int? {
    var information = stat()
    guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(information.st_size)
  }

  private static func bytes(of path: String, from offset: Int, count: Int) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, offset))
    }
  }
}
