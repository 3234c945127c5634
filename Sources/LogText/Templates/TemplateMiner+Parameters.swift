extension TemplateMiner {
  /// The values of a template's variable parts in a line, in order; nil when the line does not fit the template.
  ///
  /// - Parameters:
  ///   - content: the line without its header.
  ///   - id: the event that ``learn(_:)`` or ``match(_:)`` gave.
  public func parameters(of content: UnsafeRawBufferPointer, template id: Int32) -> [Parameter]? {
    if let gaps = userTemplates.wildcards(of: id, in: content) {
      return gaps.map { Parameter(type: Self.type(of: content, $0), range: $0) }
    }
    guard let slot = slotOfID[finalID(of: id)] else { return nil }
    let cluster = slots[Int(slot)]
    var scanner = LineScanner()
    scanner.scan(content)
    guard scanner.pieces.count == cluster.tokens.count else { return nil }
    var parameters: [Parameter] = []
    for (piece, token) in zip(scanner.pieces, cluster.tokens)
    where token.kind == .wildcard || token.kind == .prefixed {
      let start = token.kind == .prefixed ? piece.value : piece.start
      parameters.append(Parameter(type: piece.type ?? .word, range: Int(start)..<Int(piece.end)))
    }
    return parameters
  }

  /// The form of a value that a user's wildcard stands for, where it is one value.
  private static func type(of content: UnsafeRawBufferPointer, _ range: Range<Int>) -> ParameterType
  {
    var scanner = LineScanner()
    scanner.scan(UnsafeRawBufferPointer(rebasing: content[range]))
    return scanner.pieces.count == 1 ? scanner.pieces[0].type ?? .word : .word
  }
}
