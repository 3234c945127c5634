/// What operators do with kinds. A model never changes: each edit gives a new one.
extension Model {
  /// A model in which a kind has a name; nil or "" takes it away.
  ///
  /// - Throws: `notFound` when there is no kind of that id, `limit` for a name of more than 256 bytes.
  public func naming(kind id: String, _ name: String?) throws(BirchlogError) -> Model {
    try editing { decisions throws(BirchlogError) in
      try decisions.setName(try kind(id).id, name)
    }
  }

  /// A model in which a kind has one more note.
  public func noting(kind id: String, _ text: String) throws(BirchlogError) -> Model {
    try editing { decisions throws(BirchlogError) in
      try decisions.addNote(try kind(id).id, text)
    }
  }

  /// A model in which the units of a kind are not anomalous, or are so again.
  public func marking(kind id: String, _ isMarked: Bool) throws(BirchlogError) -> Model {
    let kind = try kind(id)
    guard !kind.isNormal else {
      throw .argument("\(id) is normal behaviour already; there is nothing to mark.")
    }
    return try editing { decisions throws(BirchlogError) in decisions.setMark(id, isMarked) }
  }

  /// A model in which several kinds are one, which has the id of the first.
  ///
  /// Classification gives that id at once, and later refits keep the units of all together.
  ///
  /// - Throws: `argument` for fewer than two kinds, for one named twice, or where normal or marked kinds
  ///   and others are mixed.
  public func merging(_ ids: [String]) throws(BirchlogError) -> Model {
    guard ids.count >= 2 else {
      throw .argument("A merge takes two kinds or more; give the one that stays first.")
    }
    var merged: [Kind] = []
    for id in ids {
      let kind = try kind(id)
      guard !merged.contains(where: { $0.id == id }) else {
        throw .argument("\(id) is named twice; name each kind once.")
      }
      if let first = merged.first, kind.isNormal != first.isNormal {
        throw .argument(
          "\(first.id) and \(id) cannot be one: only one of them is normal behaviour. Mark the other one as normal instead."
        )
      }
      if let first = merged.first, kind.isMarked != first.isMarked {
        throw .argument(
          "\(first.id) and \(id) cannot be one: only one of them is marked as normal. Mark both, or none."
        )
      }
      merged.append(kind)
    }
    return try editing { decisions throws(BirchlogError) in
      decisions.merge(ids, found: found.map(\.id))
    }
  }

  /// A model in which the last edit of a sort is taken back.
  ///
  /// - Parameter verb: `name`, `note`, `merge`, `split` or `mark`.
  public func undoing(_ verb: String, kind id: String) throws(BirchlogError) -> Model {
    switch KindEdit.Verb(rawValue: verb) {
    case .mark: return try marking(kind: id, false)
    case .split:
      var isDone = false
      let model = try editing { decisions throws(BirchlogError) in
        isDone = decisions.unpart(id, found: found.map(\.id)) != nil
      }
      if isDone { return model }
      throw decisions.partings.isEmpty
        ? .argument("No kind of this model was split; there is nothing to take back.")
        : .argument(
          "There is no split of \(id) to take back; these were split: "
            + decisions.partings.map(\.whole).joined(separator: ", ") + ".")
    case .some(let verb) where [.name, .note, .merge].contains(verb):
      _ = try kind(id)
      return try editing { decisions throws(BirchlogError) in try decisions.undo(verb, id) }
    default:
      throw .argument(
        "\"\(verb)\" cannot be taken back; name, note, merge, split and mark can.")
    }
  }

  /// The shown kind of an id.
  ///
  /// - Throws: `notFound`, with what became of it, the ids there are, and the nearest one.
  public func kind(_ id: String) throws(BirchlogError) -> Kind {
    if let kind = kinds.first(where: { $0.id == id }) { return kind }
    throw .notFound("There is no kind \"\(id)\"\(fate(of: id)); the model has \(knownIDs).")
  }

  /// What is known of an id that no kind has.
  private func fate(of id: String) -> String {
    if let heir = kinds.first(where: { $0.aliases.contains(id) }) {
      return ": it is part of \(heir.id) now"
    }
    if let parting = decisions.partings.last(where: { $0.whole == id }) {
      return ": it was split into \(parting.parts.joined(separator: " and "))"
    }
    if let gone = retired.last(where: { $0.id == id }) {
      return gone.into.map { ": it became part of \($0)" } ?? ": a refit did not find it again"
    }
    if let named = kinds.first(where: { $0.name == id }) {
      return "; \"\(id)\" is the name of \(named.id)"
    }
    return nearest(to: id).map { " (nearest: \($0))" } ?? ""
  }

  /// The id, or the name with its id, that is most like a mistyped one.
  private func nearest(to id: String) -> String? {
    let names = kinds.compactMap(\.name)
    guard let word = Suggestion.nearest(to: id, among: names + kinds.map(\.id)) else { return nil }
    guard let named = kinds.first(where: { $0.name == word }) else { return word }
    return "\(named.id) (\(word))"
  }

  /// Ids that an error message lists at most.
  private static let listedKinds = 40

  private var knownIDs: String {
    guard !kinds.isEmpty else { return "none" }
    let rest = kinds.count - Self.listedKinds
    return kinds.prefix(Self.listedKinds).map { kind in
      kind.name.map { "\(kind.id) (\($0))" } ?? kind.id
    }.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }

  /// This model with other decisions.
  func editing(
    _ edit: (inout KindDecisions) throws(BirchlogError) -> Void
  ) throws(BirchlogError) -> Model {
    var decisions = decisions
    try edit(&decisions)
    return replacing(found: found, decisions: decisions, examples: foundExamples)
  }

  /// This model with other kinds and decisions.
  func replacing(found: [Kind], decisions: KindDecisions, examples: [KindExample]) -> Model {
    Model(
      options: options, unitKind: unitKind, normal: normal, threshold: threshold, space: space,
      found: found, decisions: decisions, classifier: classifier, known: known,
      lines: lines, examples: examples, memory: memory, retired: retired, record: record)
  }
}
