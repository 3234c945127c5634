extension HeaderLayout {
  /// A part of the header by name.
  struct Field: Sendable {
    /// Which element holds it; optional ones count on behind the required ones.
    var index: Int
    /// What is in the brackets of a component, such as `24200` of `sshd[24200]:`, instead of its name.
    var isBracketed = false
    /// The name of a component, without what is in brackets.
    var isName = false

    /// The part within what the element took, without its marks; nil where it is empty.
    func range(in line: UnsafeRawBufferPointer, _ taken: Range<Int>) -> Range<Int>? {
      var range = taken
      let marks: [UInt8] =
        isBracketed || isName
        ? [0x3A, 0x2C] : [0x3A, 0x2C, 0x7C, 0x5B, 0x5D, 0x28, 0x29, 0x3C, 0x3E]
      let isTrimmed = { (byte: UInt8) in ASCII.isSpace(byte) || marks.contains(byte) }
      if isBracketed || isName {
        let open = line[range].lastIndex(of: ASCII.leftBracket)
        if isBracketed {
          guard let open, let close = line[open..<range.upperBound].firstIndex(of: 0x5D) else {
            return nil
          }
          range = (open + 1)..<close
        } else if let open {
          range = range.lowerBound..<open
        }
      }
      while range.lowerBound < range.upperBound, isTrimmed(line[range.lowerBound]) {
        range = (range.lowerBound + 1)..<range.upperBound
      }
      while range.lowerBound < range.upperBound, isTrimmed(line[range.upperBound - 1]) {
        range = range.lowerBound..<(range.upperBound - 1)
      }
      return range.isEmpty ? nil : range
    }
  }

  /// The names by which a part of this header can be asked for.
  var fieldNames: [String] {
    ["process", "thread", "component", "level", "host"].filter { field(named: $0) != nil }
  }

  /// The part of that name; nil where the header has none.
  ///
  /// A number is a process, a second one a thread; something in brackets is a thread, or the process where nothing else is; a component
  /// may carry its process in brackets; a bare word is a host.
  func field(named name: String) -> Field? {
    let elements = required + optional
    let places = { (element: HeaderElement) in elements.indices.filter { elements[$0] == element } }
    let numbers = places(.number)
    let bracketed = places(.bracketed).first
    let component = places(.component).first
    let inComponent = component.map { Field(index: $0, isBracketed: true) }
    switch name {
    case "process", "pid":
      return numbers.first.map { Field(index: $0) } ?? bracketed.map { Field(index: $0) }
        ?? inComponent
    case "thread", "tid":
      return (numbers.dropFirst().first ?? bracketed ?? numbers.first).map { Field(index: $0) }
        ?? inComponent
    case "component": return component.map { Field(index: $0, isName: true) }
    case "level": return places(.level).first.map { Field(index: $0) }
    // The word before a time that is a field is a field too.
    case "host" where elements.contains(where: \.isTimeField): return nil
    case "host": return places(.field).first.map { Field(index: $0) }
    default: return nil
    }
  }
}
