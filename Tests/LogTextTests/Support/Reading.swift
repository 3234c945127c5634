import LogText

/// A line with its bytes copied.
struct ReadLine: Equatable {
  var text: String
  var number: UInt64
  var offset: UInt64
  var isCut = false
}

/// All lines of a source and the error that ended it.
func readAll(_ source: LineSource) -> (lines: [ReadLine], error: LogTextError?) {
  var lines: [ReadLine] = []
  do throws(LogTextError) {
    while let line = try source.next() {
      lines.append(
        ReadLine(
          text: ByteText.string(line.bytes), number: line.number, offset: line.offset,
          isCut: line.isCut))
    }
  } catch {
    return (lines, error)
  }
  return (lines, nil)
}

/// The error of an operation, or nil.
func failure<T>(_ operation: () throws(LogTextError) -> T) -> LogTextError? {
  do throws(LogTextError) {
    _ = try operation()
    return nil
  } catch {
    return error
  }
}

extension String {
  /// Lends the bytes of the text.
  func bytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R { Array(utf8).withUnsafeBytes(body) }
}

extension TemplateMiner {
  mutating func learn(_ text: String) -> Int32 { Array(text.utf8).withUnsafeBytes { learn($0) } }
  func match(_ text: String) -> Int32? { Array(text.utf8).withUnsafeBytes { match($0) } }

  /// The template that a fresh miner makes of one line.
  static func template(of line: String) -> String {
    var miner = TemplateMiner()
    let id = miner.learn(line)
    return miner.template(id)?.text ?? ""
  }

  /// The values of the variable parts of a line that was learned, with their types.
  func values(of line: String) -> [String] {
    let bytes = Array(line.utf8)
    return bytes.withUnsafeBytes { content in
      guard let id = match(content), let parameters = parameters(of: content, template: id) else {
        return []
      }
      return parameters.map {
        $0.type.rawValue + ":" + String(decoding: bytes[$0.range], as: UTF8.self)
      }
    }
  }
}
