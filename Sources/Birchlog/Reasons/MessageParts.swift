import LogText

/// Finds the part of a raw line that became an event.
struct MessageParts {
  private let splitter: HeaderRecogniser.Splitter?
  /// nil where lines are no JSON objects.
  private let parser: JSONLineParser?

  init(_ model: Model, isJSON: Bool) {
    splitter = try? model.lines.header?.makeSplitter()
    parser = isJSON ? try? JSONLineParser(FieldNames(text: model.options.textField)) : nil
  }

  /// The message; nil where it is the whole line, or the line has none.
  func message(of line: [UInt8]) -> [UInt8]? {
    line.withUnsafeBytes { bytes in
      if let parser { return try? parser.parse(bytes, number: 0, path: "").text }
      guard let content = splitter?.split(bytes).content, !content.isEmpty,
        content.count < bytes.count
      else { return nil }
      return Array(bytes[content])
    }
  }
}
