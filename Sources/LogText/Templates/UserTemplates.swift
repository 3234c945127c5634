import Glibc

/// Templates that the user gave as text: line N is the template of event N, `<*>` stands for any bytes, none included.
public struct UserTemplates: Sendable {
  private struct Glob: Sendable {
    var id: Int32
    /// The constant parts; the first is a prefix, the last a suffix, and each may be empty.
    var parts: [[UInt8]]
    var constantCount: Int
  }

  /// How many lines there were, blank ones included: the last event of the user's.
  public let count: Int
  /// The templates by ascending id, blank lines left out; counts are 0.
  public let templates: [Template]
  /// The lines as they were given.
  let lines: [String]
  /// The most constant bytes first, so that of several that fit the most telling wins.
  private let globs: [Glob]

  /// Takes the lines of a template file. A blank line is an event without a template.
  public init(lines: [String]) {
    self.lines = lines
    count = lines.count
    var templates: [Template] = []
    var globs: [Glob] = []
    for (index, line) in lines.enumerated() {
      guard let id = Int32(exactly: index + 1), line.utf8.contains(where: { !ASCII.isSpace($0) })
      else { continue }
      templates.append(Template(id: id, text: line, count: 0))
      let parts = Self.parts(of: Array(line.utf8))
      globs.append(Glob(id: id, parts: parts, constantCount: parts.reduce(0) { $0 + $1.count }))
    }
    self.templates = templates
    self.globs = globs.sorted { ($1.constantCount, $0.id) < ($0.constantCount, $1.id) }
  }

  /// Reads a template file, plain or gzip.
  ///
  /// - Throws: what reading a ``LineSource`` throws.
  public init(path: String) throws(LogTextError) {
    let source = try LineSource(path: path)
    var lines: [String] = []
    while let line = try source.next() { lines.append(ByteText.string(line.bytes)) }
    self.init(lines: lines)
  }

  /// The user's template of an event, or nil.
  public func template(_ id: Int32) -> Template? {
    guard id > 0, Int(id) <= count else { return nil }
    return templates.first { $0.id == id }
  }

  /// The event of the most telling template that fits the whole content, or nil.
  func match(_ content: UnsafeRawBufferPointer) -> Int32? {
    for glob in globs where Self.fits(glob, content, nil) { return glob.id }
    return nil
  }

  /// Where the wildcards of a template stand in a content that fits it; nil when it does not.
  func wildcards(of id: Int32, in content: UnsafeRawBufferPointer) -> [Range<Int>]? {
    guard let glob = globs.first(where: { $0.id == id }) else { return nil }
    var gaps: [Range<Int>] = []
    let isFitting = Self.fits(glob, content) { gaps.append($0) }
    return isFitting ? gaps : nil
  }

  private static func fits(
    _ glob: Glob, _ content: UnsafeRawBufferPointer, _ gap: ((Range<Int>) -> Void)?
  ) -> Bool {
    guard content.count >= glob.constantCount, let first = glob.parts.first,
      let last = glob.parts.last, content.starts(with: first)
    else { return false }
    if glob.parts.count == 1 { return content.count == first.count }
    let end = content.count - last.count
    guard content[end...].elementsEqual(last) else { return false }
    // The earliest place for each part leaves the most room for those behind it.
    var index = first.count
    for part in glob.parts[1..<(glob.parts.count - 1)] {
      guard index <= end, let found = find(part, in: content, from: index, to: end) else {
        return false
      }
      gap?(index..<found)
      index = found + part.count
    }
    guard index <= end else { return false }
    gap?(index..<end)
    return true
  }

  private static func find(
    _ part: [UInt8], in content: UnsafeRawBufferPointer, from start: Int, to end: Int
  ) -> Int? {
    guard let first = part.first, let base = content.baseAddress else { return start }
    var index = start
    while index + part.count <= end,
      let hit = memchr(base + index, Int32(first), end - part.count + 1 - index)
    {
      index = UnsafeRawPointer(hit) - base
      if memcmp(base + index, part, part.count) == 0 { return index }
      index += 1
    }
    return nil
  }

  private static func parts(of line: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    var index = 0
    while index < line.count {
      if line[index...].starts(with: [0x3C, 0x2A, 0x3E]) {
        parts.append([])
        index += 3
      } else {
        parts[parts.count - 1].append(line[index])
        index += 1
      }
    }
    return parts
  }
}
