import LogText

extension Options {
  /// Reads the options of a training from JSON text; nil gives the defaults.
  ///
  /// - Throws: `option`, naming the key, what was expected, and for an unknown key the most similar
  ///   one.
  public init(json: String?) throws(BirchlogError) {
    let pairs = try Self.pairs(json)
    var options = Options()
    if let value = pairs.first(where: { $0.key == "preset" })?.value {
      guard let preset = value.string.flatMap(Preset.init(rawValue:)) else {
        throw .option("Option \"preset\" must be \"default\" or \"paper\".")
      }
      options = Options(preset: preset)
    }
    for (key, value) in pairs { try options.set(key, to: value, allowed: nil) }
    let keys = Set(pairs.map(\.key))
    if options.unit == .window, options.preset == .standard, !keys.contains("stride") {
      options.stride = options.window
    }
    try options.checkContradictions(given: keys)
    try options.checkPatterns()
    self = options
  }

  /// Reads the options that a model file stores: all of them, so that none of them was someone's
  /// wish.
  init(stored text: String) throws(BirchlogError) {
    var options = Options()
    // Files of earlier builds do not say it, and their classifiers have layers of their own.
    options.encoder = .own
    for (key, value) in try Self.pairs(text) { try options.set(key, to: value, allowed: nil) }
    try options.checkContradictions(given: [])
    self = options
  }

  /// These options with what a classification's JSON text overrides.
  public func overridden(by json: String?) throws(BirchlogError) -> Options {
    var options = self
    for (key, value) in try Self.pairs(json) {
      try options.set(key, to: value, allowed: OptionTable.classificationKeys)
    }
    try options.checkContradictions(given: [])
    try options.checkPatterns()
    return options
  }

  /// All options as a JSON object, in the table's order; threads are left out, for they change
  /// nothing that is learned.
  public var json: JSONValue {
    var object = JSONObject()
    for field in OptionTable.fields where field.key != "threads" {
      if let value = field.write(self) { object[field.key] = value }
    }
    return .object(object)
  }

  /// The keys that a text sets.
  static func keys(_ json: String?) throws(BirchlogError) -> Set<String> {
    Set(try pairs(json).map(\.key))
  }

  static func pairs(_ json: String?) throws(BirchlogError) -> [(
    key: String, value: JSONValue
  )] {
    guard let json else { return [] }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: json)
    } catch {
      throw .option("The options are not valid JSON: \(error.message)")
    }
    guard let object = value.object else {
      throw .option("The options must be one JSON object, such as {\"window\": 10}.")
    }
    return Array(object.pairs)
  }

  private mutating func set(
    _ key: String, to value: JSONValue, allowed: Set<String>?
  ) throws(BirchlogError) {
    guard let field = OptionTable.fields.first(where: { $0.key == key }) else {
      let known = OptionTable.fields.map(\.key)
      throw .option("There is no option \"\(key)\"\(Suggestion.ending(for: key, among: known))")
    }
    if let allowed, !allowed.contains(key) {
      throw .option(
        "Option \"\(key)\" belongs to training; here one may set \(allowed.sorted().joined(separator: ", "))."
      )
    }
    guard field.read(value, &self) else {
      throw .option("Option \"\(key)\" must be \(field.expected), not \(value.text).")
    }
  }

  /// Regular expressions are tried at once, so that a mistake in one is told before anything is read.
  private func checkPatterns() throws(BirchlogError) {
    try wrapped { () throws(LogTextError) in
      if let session { _ = try SessionKeyPattern(session) }
      for mask in masks { _ = try SessionKeyPattern(mask) }
      if header != "auto", header != "none" { _ = try HeaderRecogniser(pattern: header) }
    }
  }

  /// Whatever else makes sessions contradicts that a file is one.
  private func checkSessionFile() throws(BirchlogError) {
    guard isSessionFile else { return }
    let others = [
      session != nil ? "\"session\"" : nil, keyField != nil ? "\"session_field\"" : nil,
      gapSeconds > 0 ? "\"gap_seconds\"" : nil,
      format == "sequences" ? "\"format\": \"sequences\"" : nil,
    ]
    if let other = others.compactMap(\.self).first {
      throw .option(
        "Option \"unit\": \"file\" makes each file a session and contradicts \(other); leave one of them out."
      )
    }
  }

  /// Whether the options can go together, as those of a model must.
  ///
  /// - Parameter given: the keys that someone set, which may contradict what the others make of them.
  func checkContradictions(given: Set<String>) throws(BirchlogError) {
    if attentionHeads > 0, hiddenSize % attentionHeads != 0 {
      throw .option(
        "Option \"attention_heads\" (\(attentionHeads)) must divide \"hidden_size\" (\(hiddenSize)); 0 switches attention off."
      )
    }
    if detector == .topG, given.contains("false_positive_rate") {
      throw .option(
        "Option \"false_positive_rate\" contradicts \"detector\": \"top_g\", which has no threshold; leave one of them out."
      )
    }
    if detector == .surprise, given.contains("top_g") {
      throw .option("Option \"top_g\" needs \"detector\": \"top_g\".")
    }
    if format == "sequences", session != nil {
      throw .option(
        "Option \"session\" contradicts \"format\": \"sequences\", whose lines carry their own ids; leave one of them out."
      )
    }
    if gapSeconds > 0, session != nil || keyField != nil {
      throw .option(
        "Option \"gap_seconds\" contradicts \"\(session != nil ? "session" : "session_field")\", whose sessions end by \"idle_seconds\"; leave one of them out."
      )
    }
    try checkSessionFile()
    if unit == .window, stride > window {
      throw .option(
        "Option \"stride\" (\(stride)) must not exceed \"window\" (\(window)), or events would be left out."
      )
    }
  }
}
