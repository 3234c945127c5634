/// What operators and refits did to the kinds.
struct JournalDocument: Decodable {
  let journal: [Entry]

  struct Entry: Decodable, Equatable {
    let verb: String
    let kind: String?
    let kinds: [String]?
    let text: String?
    let before: String?
    let born: [Birth]?
    let undo: Bool?
    let undone: Bool?
  }

  struct Birth: Decodable, Equatable {
    let id: String
    let from: String?
  }
}

extension JournalDocument.Entry {
  /// The entry in words.
  var sentence: String {
    act + (undone == true ? " (taken back later)" : "")
  }

  private var act: String {
    let kind = kind ?? ""
    let others = (kinds ?? []).joined(separator: ", ")
    let isUndo = undo == true
    switch verb {
    case "name":
      if isUndo { return "The last name of \(kind) was taken back." }
      return text.map { "\(kind) is called \"\($0)\"." } ?? "\(kind) has no name."
    case "note":
      return isUndo
        ? "The last note on \(kind) was taken back." : "Noted on \(kind): \(text ?? "")"
    case "merge":
      return isUndo ? "\(others) left \(kind) again." : "\(others) became part of \(kind)."
    case "split":
      return isUndo ? "\(others) are \(kind) again." : "\(kind) was split into \(others)."
    case "mark":
      return isUndo
        ? "\(kind) is no longer marked as normal." : "\(kind) is marked as normal."
    case "import": return "Decisions were imported" + (others.isEmpty ? "." : " for \(others).")
    default:
      let new = (born ?? []).map { birth in
        birth.from.map { "\(birth.id) (from \($0))" } ?? birth.id
      }
      let changes =
        [
          new.isEmpty ? nil : "new: " + new.joined(separator: ", "),
          others.isEmpty ? nil : "gone: " + others,
        ].compactMap { $0 }
      return (verb == "update" ? "An " : "A ") + verb + " found the kinds "
        + (changes.isEmpty ? "as they were." : "anew; " + changes.joined(separator: "; ") + ".")
    }
  }

  /// The entry as JSON.
  var json: String {
    var fields = ["\"verb\":" + OptionsText.quoted(verb)]
    func list(_ values: [String]) -> String {
      "[" + values.map(OptionsText.quoted).joined(separator: ",") + "]"
    }
    if let kind { fields.append("\"kind\":" + OptionsText.quoted(kind)) }
    if let kinds { fields.append("\"kinds\":" + list(kinds)) }
    if let text { fields.append("\"text\":" + OptionsText.quoted(text)) }
    if let before { fields.append("\"before\":" + OptionsText.quoted(before)) }
    if let born {
      let births = born.map { birth in
        "{\"id\":" + OptionsText.quoted(birth.id) + ",\"from\":"
          + (birth.from.map(OptionsText.quoted) ?? "null") + "}"
      }
      fields.append("\"born\":[" + births.joined(separator: ",") + "]")
    }
    if undo == true { fields.append("\"undo\":true") }
    if undone == true { fields.append("\"undone\":true") }
    return "{" + fields.joined(separator: ",") + "}"
  }
}
