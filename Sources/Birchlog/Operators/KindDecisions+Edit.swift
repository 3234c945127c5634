extension KindDecisions {
  /// Gives a shown kind a name; nil or "" takes it away.
  mutating func setName(_ id: String, _ name: String?) throws(BirchlogError) {
    let name = name?.isEmpty == true ? nil : name
    if let name { try Self.check(name, "name", limit: Self.nameLength) }
    log(KindEdit(.name, id, text: name, before: self.name(of: id)))
    change(id) { $0.name = name }
  }

  /// Adds a note to a shown kind.
  mutating func addNote(_ id: String, _ text: String) throws(BirchlogError) {
    guard !text.isEmpty else { throw .argument("A note may not be empty.") }
    try Self.check(text, "note", limit: Self.noteLength)
    guard (remarks[id]?.notes.count ?? 0) < Self.noteCount else {
      throw .limit("\(id) has \(Self.noteCount) notes already; take some back first.")
    }
    log(KindEdit(.note, id, text: text))
    change(id) { $0.notes.append(text) }
  }

  /// Says whether a shown kind is harmless.
  mutating func setMark(_ id: String, _ isMarked: Bool) {
    guard self.isMarked(id) != isMarked else { return }
    log(KindEdit(.mark, id, isUndo: !isMarked))
    change(id) { $0.isMarked = isMarked }
  }

  /// Makes several shown kinds one, which has the id of the first.
  ///
  /// It keeps the first kind's name, or takes the first name that there is.
  mutating func merge(_ ids: [String], found: [String]) {
    guard let target = ids.first else { return }
    let sources = ids.dropFirst()
    var moved: [KindEdit.Move] = []
    for id in found where sources.contains(shownID(of: id)) {
      moved.append(.init(found: id, shown: shownID(of: id)))
      show(id, as: target)
    }
    log(
      KindEdit(
        .merge, target, kinds: Array(sources), before: name(of: target), moved: moved))
    if name(of: target) == nil, let name = sources.compactMap({ self.name(of: $0) }).first {
      change(target) { $0.name = name }
    }
  }

  /// Makes a shown kind of several found ones fall back into what its last merge joined.
  ///
  /// - Returns: the ids of the parts; nil when the kind was never merged.
  mutating func unmerge(_ id: String) -> [String]? {
    guard let place = lastEdit(.merge, id) else { return nil }
    journal[place].isUndone = true
    let edit = journal[place]
    for move in edit.moved where shownID(of: move.found) == id { show(move.found, as: move.shown) }
    // A name that the merge took over goes back with the kind that had it.
    let taken = edit.kinds.compactMap { self.name(of: $0) }.first
    if edit.before == nil, name(of: id) == taken { change(id) { $0.name = nil } }
    return [id] + edit.kinds
  }

  /// Records that a found kind became several.
  mutating func part(_ id: String, into parts: [String]) {
    log(KindEdit(.split, id, kinds: parts))
    partings.append(Parting(whole: id, parts: parts))
    guard isMarked(id) else { return }
    for part in parts { change(part) { $0.isMarked = true } }
  }

  /// Joins the parts of a split again, under the id of the whole.
  ///
  /// - Parameter id: the whole, or one of the parts.
  /// - Returns: the id of the whole; nil when there was no such split.
  mutating func unpart(_ id: String, found: [String]) -> String? {
    guard
      let place = partings.lastIndex(where: { $0.whole == id })
        ?? partings.lastIndex(where: { $0.parts.contains(id) })
    else { return nil }
    let parting = partings[place]
    for part in found where parting.parts.contains(where: { descends(part, from: $0) }) {
      show(part, as: parting.whole)
    }
    partings.remove(at: place)
    if let edit = journal.lastIndex(where: {
      $0.verb == .split && $0.kind == parting.whole && !$0.isUndo && !$0.isUndone
    }) {
      journal[edit].isUndone = true
    }
    log(KindEdit(.split, parting.whole, kinds: parting.parts, isUndo: true))
    return parting.whole
  }

  /// Takes the last edit of a sort back: a name, a note or a merge.
  mutating func undo(_ verb: KindEdit.Verb, _ id: String) throws(BirchlogError) {
    guard let place = lastEdit(verb, id) else {
      throw .argument("There is no \(verb.rawValue) of \(id) to take back.")
    }
    let edit = journal[place]
    switch verb {
    case .name: change(id) { $0.name = edit.before }
    case .note:
      change(id) { remark in
        if let last = remark.notes.lastIndex(where: { $0 == edit.text }) {
          remark.notes.remove(at: last)
        }
      }
    case .merge: _ = unmerge(id)
    default: throw .argument("A \(verb.rawValue) is taken back in another way.")
    }
    journal[place].isUndone = true
    log(KindEdit(verb, id, kinds: edit.kinds, text: edit.text, isUndo: true))
  }

  private func lastEdit(_ verb: KindEdit.Verb, _ id: String) -> Int? {
    journal.lastIndex { $0.verb == verb && $0.kind == id && !$0.isUndo && !$0.isUndone }
  }

  private mutating func show(_ found: String, as shown: String) {
    groups[found] = shown == found ? nil : shown
  }

  mutating func change(_ id: String, _ body: (inout Remark) -> Void) {
    var remark = remarks[id] ?? Remark()
    body(&remark)
    remarks[id] = remark.isEmpty ? nil : remark
  }

  private static func check(
    _ text: String, _ what: String, limit: Int
  ) throws(BirchlogError) {
    guard text.utf8.count <= limit else {
      throw .limit("The \(what) is longer than \(limit) bytes.")
    }
  }
}
