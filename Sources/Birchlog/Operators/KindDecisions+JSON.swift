extension KindDecisions {
  /// As the model file stores it.
  var stored: JSONValue {
    .object([
      "remarks": .array(
        remarks.sorted { $0.key < $1.key }.map { id, remark in
          .object([
            "kind": .string(id), "name": remark.name.map { .string($0) } ?? .null,
            "notes": .array(remark.notes.map { .string($0) }), "marked": .bool(remark.isMarked),
          ])
        }),
      "groups": .array(
        groups.sorted { $0.key < $1.key }.map { .array([.string($0.key), .string($0.value)]) }),
      "partings": .array(
        partings.map {
          .object(["whole": .string($0.whole), "parts": .array($0.parts.map { .string($0) })])
        }),
      "journal": .array(journal.map { $0.json(withMoves: true) }),
    ])
  }

  /// Reads what ``stored`` wrote; nil when something is amiss.
  init?(stored json: JSONValue) {
    guard let remarks = json["remarks"]?.array, let groups = json["groups"]?.array,
      let partings = json["partings"]?.array, let journal = json["journal"]?.array
    else { return nil }
    for remark in remarks {
      guard let id = remark["kind"]?.string, let isMarked = remark["marked"]?.bool,
        let notes = remark["notes"]?.array
      else { return nil }
      self.remarks[id] = Remark(
        name: remark["name"]?.string, notes: notes.compactMap(\.string), isMarked: isMarked)
    }
    for group in groups {
      guard let pair = group.array, pair.count == 2, let found = pair[0].string,
        let shown = pair[1].string
      else { return nil }
      self.groups[found] = shown
    }
    for parting in partings {
      guard let whole = parting["whole"]?.string, let parts = parting["parts"]?.array else {
        return nil
      }
      self.partings.append(Parting(whole: whole, parts: parts.compactMap(\.string)))
    }
    for entry in journal {
      guard let edit = KindEdit(stored: entry) else { return nil }
      self.journal.append(edit)
    }
  }
}

extension KindEdit {
  /// The entry as an object; what is empty is left out.
  func json(withMoves: Bool = false) -> JSONValue {
    var object: JSONObject = ["verb": .string(verb.rawValue)]
    if !kind.isEmpty { object["kind"] = .string(kind) }
    if !kinds.isEmpty { object["kinds"] = .array(kinds.map { .string($0) }) }
    if let text { object["text"] = .string(text) }
    if let before { object["before"] = .string(before) }
    if !born.isEmpty {
      object["born"] = .array(
        born.map {
          .object(["id": .string($0.id), "from": $0.from.map { .string($0) } ?? .null])
        })
    }
    if isUndo { object["undo"] = .bool(true) }
    if isUndone { object["undone"] = .bool(true) }
    if withMoves, !moved.isEmpty {
      object["moved"] = .array(moved.map { .array([.string($0.found), .string($0.shown)]) })
    }
    return .object(object)
  }

  init?(stored json: JSONValue) {
    guard let verb = json["verb"]?.string.flatMap({ Verb(rawValue: $0) }) else { return nil }
    self.init(
      verb, json["kind"]?.string ?? "",
      kinds: (json["kinds"]?.array ?? []).compactMap(\.string), text: json["text"]?.string,
      before: json["before"]?.string, isUndo: json["undo"]?.bool ?? false)
    isUndone = json["undone"]?.bool ?? false
    for birth in json["born"]?.array ?? [] {
      guard let id = birth["id"]?.string else { return nil }
      born.append(Birth(id: id, from: birth["from"]?.string))
    }
    for move in json["moved"]?.array ?? [] {
      guard let pair = move.array, pair.count == 2, let found = pair[0].string,
        let shown = pair[1].string
      else { return nil }
      moved.append(Move(found: found, shown: shown))
    }
  }
}
