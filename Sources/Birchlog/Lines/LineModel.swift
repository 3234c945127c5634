import LogText

/// How raw lines become events: frozen templates and header layout, or the names of events that
/// came as numbers.
public struct LineModel: Sendable {
  /// What stands for the end of a session where a template is printed.
  static let endOfSession = "(end of session)"
  /// What stands for the events that are too rare to be told apart.
  static let rareLines = "(a rare line)"
  /// What stands for a line that training never saw, where it is not known any more.
  static let newLine = "(a line that training never saw)"

  /// Mined templates; nil where training read event numbers.
  var miner: TemplateMiner?
  /// Where the content of a line begins; nil where the whole line is content.
  var header: HeaderRecogniser?
  /// Names given for events that came as numbers.
  var names: [Int32: String]
  /// Training met records of several lines.
  var joinsLines = false
  /// What lines without a session key said in training; nil where it is not known, or all lines count.
  var keyless: KeylessEvents?

  init(miner: TemplateMiner? = nil, header: HeaderRecogniser? = nil, names: [Int32: String] = [:]) {
    self.miner = miner
    self.header = header
    self.names = names
  }

  /// The template of an event, or words that stand for one.
  func template(of event: Int32) -> String {
    if event == Vocabulary.rareEvent { return Self.rareLines }
    guard let miner else { return names[event] ?? "event \(event)" }
    return miner.template(event)?.text ?? Self.newLine
  }

  /// Whether training may have met a line without a session key that says this.
  func knowsKeyless(_ event: Int32) -> Bool {
    keyless?.events.contains(event) ?? (event < miner?.nextID ?? 0)
  }

  /// What the events are of that ``knowsKeyless(_:)`` knows.
  var keylessSource: String {
    keyless?.isClean == true ? "the clean input of training" : "training"
  }

  /// The model as the model file stores it.
  var stored: JSONValue {
    .object([
      "miner": miner.map { $0.state.stored } ?? .null,
      "header": header.map { .string($0.stored) } ?? .null,
      "joins_lines": .bool(joinsLines), "keyless": keyless?.stored ?? .null,
      "names": .array(
        names.sorted { $0.key < $1.key }.map {
          .array([.integer(Int64($0.key)), .string($0.value)])
        }),
    ])
  }

  /// Reads what ``stored`` wrote; nil when something is amiss.
  init?(stored json: JSONValue) {
    self.init()
    do {
      if let stored = json["miner"], stored != .null {
        guard let state = TemplateMiner.State(stored: stored) else { return nil }
        miner = try TemplateMiner(state: state)
      }
      joinsLines = json["joins_lines"]?.bool ?? false
      keyless = KeylessEvents(stored: json["keyless"])
      if let text = json["header"]?.string { header = try HeaderRecogniser(stored: text) }
    } catch {
      return nil
    }
    for pair in json["names"]?.array ?? [] {
      guard let values = pair.array, values.count == 2,
        let event = values[0].int.flatMap({ Int32(exactly: $0) }),
        let name = values[1].string
      else { return nil }
      names[event] = name
    }
  }

  /// Reads a file whose line N is the template of event N.
  static func names(path: String) throws(BirchlogError) -> [Int32: String] {
    var names: [Int32: String] = [:]
    do {
      let source = try LineSource(path: path)
      while let line = try source.next() {
        guard let event = Int32(exactly: line.number) else { break }
        names[event] = ByteText.string(line.bytes)
      }
    } catch {
      throw .init(error)
    }
    guard !names.isEmpty else {
      throw .input("\(path) is empty; line N of it is the template of event N.")
    }
    return names
  }
}

extension TemplateMiner.State {
  /// The state as the model file stores it.
  var stored: JSONValue {
    .object([
      "user": .array(userTemplates.map { .string($0) }),
      "templates": .array(
        templates.map {
          .array([.integer(Int64($0.id)), .string($0.pattern), .integer(Int64($0.count))])
        }),
      "exceptions": .array(
        exceptions.map { .array([.string($0.pattern), .integer(Int64($0.id))]) }),
      "merged": .array(
        merged.sorted { $0.key < $1.key }.map {
          .array([.integer(Int64($0.key)), .integer(Int64($0.value))])
        }),
      "next": .integer(Int64(nextID)),
      "generations": .array(generations.map { .integer(Int64($0)) }),
    ])
  }

  init?(stored json: JSONValue) {
    guard let user = json["user"]?.array, let templates = json["templates"]?.array,
      let exceptions = json["exceptions"]?.array,
      let next = json["next"]?.int.flatMap({ Int32(exactly: $0) })
    else { return nil }
    self.init(
      userTemplates: user.compactMap(\.string), templates: [], exceptions: [], nextID: next,
      generations: (json["generations"]?.array ?? []).compactMap {
        $0.int.flatMap { Int32(exactly: $0) }
      })
    for row in templates.map({ $0.array ?? [] }) {
      guard row.count == 3, let id = row[0].int.flatMap({ Int32(exactly: $0) }),
        let pattern = row[1].string,
        let count = row[2].int
      else { return nil }
      self.templates.append(StoredTemplate(id: id, pattern: pattern, count: count))
    }
    for row in exceptions.map({ $0.array ?? [] }) {
      guard row.count == 2, let pattern = row[0].string,
        let id = row[1].int.flatMap({ Int32(exactly: $0) })
      else { return nil }
      self.exceptions.append(StoredException(pattern: pattern, id: id))
    }
    for row in json["merged"]?.array ?? [] {
      let pair = (row.array ?? []).compactMap { $0.int.flatMap { Int32(exactly: $0) } }
      guard pair.count == 2 else { return nil }
      merged[pair[0]] = pair[1]
    }
  }
}
