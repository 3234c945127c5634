import Threading

/// Finds the lines of one source again: in the file itself where it can be read twice, else among
/// the latest lines, of which it keeps a bounded number of bytes.
///
/// The thread that reads the source fills it; any thread may ask.
public final class LineArchive: Sendable {
  /// A line as it was.
  public struct Line: Sendable, Equatable {
    /// 1-based number.
    public var number: UInt64
    /// Where it begins in the unpacked stream, in bytes; nil for a line that was pushed.
    public var offset: UInt64?
    public var bytes: [UInt8]
  }

  /// Lines between two known offsets.
  private static let interval: UInt64 = 256

  private struct State {
    /// Offsets of lines such as 1, 257, 513: a journal's binary fields may pass over some.
    var offsets: [(line: UInt64, offset: UInt64)] = []
    /// The latest lines; those before `start` are forgotten.
    var kept: [Line] = []
    var start = 0
    var bytes = 0
  }

  /// The file that can be read again; nil for a pipe and for pushed lines.
  public let path: String?
  /// Bytes of lines that are kept.
  public let memory: Int
  private let state = Guarded(State())

  /// - Parameter memory: bytes of lines that are kept of a source without `path`.
  public init(path: String?, memory: Int) {
    self.path = path
    self.memory = path == nil ? max(0, memory) : 0
  }

  /// Notes a line as it is read or pushed.
  public func note(_ bytes: UnsafeRawBufferPointer, number: UInt64, offset: UInt64?) {
    if path != nil {
      guard let offset, number % Self.interval == 1 else { return }
      state.withLock { $0.offsets.append((number, offset)) }
    } else if memory > 0 {
      keep(Line(number: number, offset: offset, bytes: Array(bytes)))
    }
  }

  /// Which of the lines from a number on are worth a note: the first one, and how many lines on the next stands.
  func notable(from number: UInt64) -> (first: Int, step: Int) {
    if path == nil { return (memory > 0 ? 0 : Int.max, 1) }
    let behind = (number + Self.interval - 1) % Self.interval
    return (behind == 0 ? 0 : Int(Self.interval - behind), Int(Self.interval))
  }

  private func keep(_ line: Line) {
    state.withLock { state in
      state.kept.append(line)
      state.bytes += line.bytes.count
      while state.bytes > memory, state.start < state.kept.count {
        state.bytes -= state.kept[state.start].bytes.count
        state.kept[state.start].bytes = []
        state.start += 1
      }
      guard state.start > 1024, state.start > state.kept.count / 2 else { return }
      state.kept.removeFirst(state.start)
      state.start = 0
    }
  }

  /// The lines of these numbers that can still be had, ascending.
  ///
  /// - Parameters:
  ///   - numbers: ascending.
  ///   - limit: bytes of a line that are given.
  /// - Throws: what reading throws: the file may be gone by now.
  public func lines(_ numbers: [UInt64], limit: Int) throws(LogTextError) -> [Line] {
    guard let first = numbers.first, let last = numbers.last else { return [] }
    guard let path else { return kept(Set(numbers), limit: limit) }
    let source = try open(path, at: first)
    var wanted = Set(numbers)
    var found: [Line] = []
    while !wanted.isEmpty, let line = try source.next(), line.number <= last {
      guard wanted.remove(line.number) != nil else { continue }
      found.append(
        Line(
          number: line.number, offset: line.offset, bytes: Array(line.bytes.prefix(limit))))
    }
    return found
  }

  private func kept(_ numbers: Set<UInt64>, limit: Int) -> [Line] {
    state.withLock { state in
      state.kept[state.start...].filter { numbers.contains($0.number) }.map {
        Line(number: $0.number, offset: $0.offset, bytes: Array($0.bytes.prefix(limit)))
      }
    }
  }

  /// The file from the last known place before a line.
  private func open(_ path: String, at line: UInt64) throws(LogTextError) -> LineSource {
    let known = state.withLock { state -> (line: UInt64, offset: UInt64)? in
      state.offsets.last { $0.line <= line }
    }
    return try LineSource(path: path, chunkSize: 1 << 16, from: known)
  }
}
