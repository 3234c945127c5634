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
    var scanner = LineScanner()
    scanner.scan(content)
    var parameters: [Parameter] = []
    guard collect(scanner, slots[Int(slot)], into: &parameters) else { return nil }
    return parameters
  }

  /// The event of a line and the values of its template's variable parts; nil when no template takes the line. Learns nothing.
  public func parse(
    _ content: UnsafeRawBufferPointer, using scanner: inout LineScanner,
    into parameters: inout [Parameter]
  ) -> Int32? {
    if let id = userTemplates.match(content) {
      parameters = self.parameters(of: content, template: id) ?? []
      return id
    }
    guard let slot = slot(of: content, using: &scanner) else { return nil }
    _ = collect(scanner, slots[Int(slot)], into: &parameters)
    return slots[Int(slot)].id
  }

  /// Replaces `parameters` by the values of a scanned line; false when the line does not fit.
  private func collect(
    _ scanner: LineScanner, _ cluster: Cluster, into parameters: inout [Parameter]
  ) -> Bool {
    parameters.removeAll(keepingCapacity: true)
    guard scanner.pieceCount == cluster.tokens.count else { return false }
    for (index, token) in cluster.tokens.enumerated()
    where token.kind == .wildcard || token.kind == .prefixed {
      guard let piece = scanner.piece(index) else { return false }
      let start = token.kind == .prefixed ? piece.value : piece.start
      parameters.append(Parameter(type: piece.type ?? .word, range: Int(start)..<Int(piece.end)))
    }
    return true
  }

  /// The form of a value that a user's wildcard stands for, where it is one value.
  private static func type(of content: UnsafeRawBufferPointer, _ range: Range<Int>) -> ParameterType
  {
    var scanner = LineScanner()
    scanner.scan(UnsafeRawBufferPointer(rebasing: content[range]))
    return scanner.pieceCount == 1 ? scanner.piece(0)?.type ?? .word : .word
  }
}
