import LogText

/// Writes parsed lines as JSON Lines.
struct ParsedLineWriter {
  private(set) var output: [UInt8] = []
  /// How far other output was copied from.
  var copied = 0
  private let miner: TemplateMiner
  private var scanner = LineScanner()
  private var parameters: [Parameter] = []
  /// The middle of each object: event and template.
  private var middles: [Int32: [UInt8]] = [:]

  init(miner: TemplateMiner) { self.miner = miner }

  /// Writes a line; false when no template takes it, and then nothing is written.
  ///
  /// - Parameter masked: the content as the miner is to see it.
  mutating func write(
    _ content: UnsafeRawBufferPointer, masked: UserMasks.MaskedText?, number: UInt64?
  ) -> Bool {
    guard let event = event(of: content, masked: masked) else { return false }
    begin(number)
    if let middle = middles[event] {
      output += middle
    } else {
      let middle = Self.middle(event, miner.template(event)?.text ?? "")
      middles[event] = middle
      output += middle
    }
    end(content, masked, parameters)
    return true
  }

  private mutating func event(
    of content: UnsafeRawBufferPointer, masked: UserMasks.MaskedText?
  ) -> Int32? {
    guard let masked else { return miner.parse(content, using: &scanner, into: &parameters) }
    var event: Int32?
    masked.bytes.withUnsafeBytes { event = miner.parse($0, using: &scanner, into: &parameters) }
    return event
  }

  /// Writes a line that no trained template takes.
  mutating func writeUnseen(
    _ content: UnsafeRawBufferPointer, masked: UserMasks.MaskedText?, number: UInt64?,
    event: Int32, template: String, parameters: [Parameter]
  ) {
    begin(number)
    output += Self.middle(event, template)
    end(content, masked, parameters)
  }

  /// Writes a line of which nothing is content: event 0.
  mutating func writeBlank(number: UInt64?) {
    begin(number)
    output += Self.middle(0, "")
    output += "]}\n".utf8
  }

  /// Copies output of another writer from where the last copy ended.
  mutating func copy(_ other: [UInt8], upTo end: Int) { output += other[copied..<end] }

  private mutating func begin(_ number: UInt64?) {
    guard let number else {
      output.append(UInt8(ascii: "{"))
      return
    }
    output += #"{"line":"#.utf8
    Self.append(number, to: &output)
    output.append(UInt8(ascii: ","))
  }

  private static func middle(_ event: Int32, _ template: String) -> [UInt8] {
    let text = JSONValue.string(template).text
    return Array("\"event\":\(event),\"template\":\(text),\"parameters\":[".utf8)
  }

  private mutating func end(
    _ content: UnsafeRawBufferPointer, _ masked: UserMasks.MaskedText?, _ parameters: [Parameter]
  ) {
    for (index, parameter) in parameters.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output += #"{"type":""#.utf8
      output += parameter.type.rawValue.utf8
      output += #"","value":"#.utf8
      let range = masked?.source(parameter.range) ?? parameter.range
      append(UnsafeRawBufferPointer(rebasing: content[range]))
      output.append(UInt8(ascii: "}"))
    }
    output += "]}\n".utf8
  }

  private mutating func append(_ value: UnsafeRawBufferPointer) {
    // Almost every value is plain: only the others pay for the slow way.
    for byte in value where byte < 0x20 || byte > 0x7E || byte == 0x22 || byte == 0x5C {
      output += JSONValue.string(ByteText.string(value)).text.utf8
      return
    }
    output.append(0x22)
    output.append(contentsOf: value)
    output.append(0x22)
  }

  private static func append(_ number: UInt64, to output: inout [UInt8]) {
    guard number >= 10 else { return output.append(UInt8(ascii: "0") + UInt8(number)) }
    append(number / 10, to: &output)
    output.append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}
