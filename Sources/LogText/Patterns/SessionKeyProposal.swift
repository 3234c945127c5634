/// Looks for an identifier that many lines share and that parts a log into sessions of repeating shapes.
///
/// A session is a short-lived thing: its identifier is on many lines, has many values, each on a few lines of different kinds, new values
/// keep coming, and what happens under one happens under others. Hosts, users, devices and threads of a pool fail one of these. Of several
/// identifiers that will do, the one whose sessions' order explains most of the log is the best: lines that it is not on count as nothing.
public struct SessionKeyProposal: Sendable, Equatable {
  /// Finds the keys in the texts; empty where a field of the records has them.
  public var pattern: String
  /// The field that has the keys; nil where the texts have them.
  public var field: String?
  /// Share of the sample's lines that have a key.
  public var coverage: Double
  /// Distinct keys of the sample.
  public var values: Int
  /// Mean number of lines of a key.
  public var linesPerValue: Double
  /// Share of the keys whose kinds of lines are those of another key as well.
  public var repeating: Double
  /// Bits that the order of the keys' lines says, per line of the sample.
  public var orderGain: Double
  /// Lines that were looked at.
  public var sample: Int

  /// What an identifier must show, and the words that say it does not.
  private static let rules: [(holds: @Sendable (SessionKeyStatistics) -> Bool, lack: String)] = [
    ({ $0.coverage >= 0.5 || $0.orderGain >= 0.5 }, "it is on too few lines"),
    ({ $0.values >= 10 }, "it has too few values"),
    ({ $0.meanSize >= 2.5 }, "its values have too few lines each"),
    ({ $0.meanKinds >= 1.8 }, "the lines of a value are all alike"),
    ({ $0.largest <= 0.3 }, "one value has most of the lines"),
    ({ $0.renewal >= 0.2 }, "its values do not change over time"),
    ({ $0.medianSpan <= 0.5 }, "its values last as long as the log"),
    ({ $0.repeating >= 0.5 || $0.orderGain >= 0.1 }, "its values do not behave alike"),
    ({ $0.orderGain >= 0.05 }, "the lines of a value come in no order of their own"),
  ]

  /// What a search came to.
  public enum Outcome: Sendable, Equatable {
    case found(SessionKeyProposal)
    /// No identifier will do; the likeliest one with what it lacks, where there was one.
    case none(likeliest: SessionKeyProposal?, lack: String?)
  }

  /// Searches consecutive records, at most `limit` of them.
  ///
  /// - Throws: what reading throws.
  public static func search(
    _ records: TextReader, names: FieldNames = FieldNames(), limit: Int
  ) throws(LogTextError) -> Outcome {
    var search = Search(names)
    records.keepsFields = true
    while search.lines < limit {
      do throws(LogTextError) {
        guard let record = try records.next() else { break }
        search.add(record, fields: records.fields)
      } catch {
        if !error.isBadRecord { break }
      }
    }
    return try choose(search)
  }

  /// Where an identifier may stand.
  private enum Place: Hashable {
    case shape(IdentifierShape)
    case field(String)
  }

  /// What was seen so far.
  private struct Search {
    var classes: [Place: SessionKeyValues] = [:]
    var miner = TemplateMiner()
    var lines = 0
    /// The texts, to try an expression on.
    var texts: [[UInt8]] = []
    /// Fields that are known for something else.
    let otherFields: Set<String>

    init(_ names: FieldNames) {
      otherFields = Set(
        (names.text.map { [$0] } ?? FieldNames.textGuesses)
          + (names.time.map { [$0] } ?? FieldNames.timeGuesses))
    }

    mutating func add(_ record: TextRecord, fields: [RecordField]) {
      let text = UnsafeRawBufferPointer(rebasing: record.text.prefix(4096))
      guard text.contains(where: { !ASCII.isSpace($0) }) else { return }
      let kind = miner.learn(record.content)
      var seen: Set<IdentifierShape> = []
      for found in IdentifierShape.find(in: text) {
        let shape = found.shape.generalised()
        let place = Place.shape(shape)
        guard classes.count < 4096 || classes[place] != nil else { continue }
        classes[place, default: SessionKeyValues()].add(
          Array(text[found.range]), kind: kind, line: lines,
          isFirst: seen.insert(shape).inserted)
        classes[place]?.detail.add(found)
      }
      for field in fields where !otherFields.contains(field.name) && Self.mayBeKey(field.value) {
        let place = Place.field(field.name)
        guard classes.count < 4096 || classes[place] != nil else { continue }
        classes[place, default: SessionKeyValues()].add(
          field.value, kind: kind, line: lines, isFirst: true)
      }
      texts.append(Array(text))
      lines += 1
    }

    /// The classes, with numbers among the hexadecimal identifiers that they are: a counter with zeros before it, `req-%08x`, has no
    /// letter in ten of sixteen values.
    func joinedClasses() -> [Place: SessionKeyValues] {
      var joined = classes
      for (place, numbers) in classes {
        guard case .shape(let shape) = place, let other = shape.hexadecimal.map(Place.shape),
          let known = classes[other], numbers.detail.fits(known.detail)
        else { continue }
        joined[other]?.add(numbers, mostLines: lines)
        joined[place] = nil
      }
      return joined
    }

    /// One word that is no time.
    private static func mayBeKey(_ value: [UInt8]) -> Bool {
      guard (1...128).contains(value.count), !value.contains(where: { ASCII.isSpace($0) }) else {
        return false
      }
      return !value.contains(ASCII.colon) || TimestampPattern.milliseconds(of: value) == nil
    }

    /// What an expression finds in the sample: lines with a key, and the lines of each key.
    func count(_ pattern: String) throws(LogTextError) -> (lines: Int, keys: [[UInt8]: Int]) {
      let finder = try SessionKeyPattern(pattern).makeFinder()
      var found = (lines: 0, keys: [[UInt8]: Int]())
      for text in texts {
        text.withUnsafeBytes { bytes in
          let keys = Set(finder.keys(in: bytes).map { Array(bytes[$0]) })
          if !keys.isEmpty { found.lines += 1 }
          for key in keys { found.keys[key, default: 0] += 1 }
        }
      }
      return found
    }
  }

  /// What a field is ahead of an identifier in the texts, in the measure by which the best is chosen.
  private static let fieldAdvantage = 0.05

  /// What tells proposals apart.
  private var name: String { field ?? pattern }

  private static func choose(_ search: Search) throws(LogTextError) -> Outcome {
    let lines = search.lines
    var best: (score: Double, proposal: SessionKeyProposal)?
    var likeliest: (passed: Int, coverage: Double, proposal: SessionKeyProposal)?
    for (place, values) in search.joinedClasses() where values.lines * 20 >= lines {
      let statistics = SessionKeyStatistics(values, lines: lines)
      let passed = rules.firstIndex { !$0.holds(statistics) } ?? rules.count
      var proposal = SessionKeyProposal(
        pattern: "", coverage: statistics.coverage, values: statistics.values,
        linesPerValue: statistics.meanSize, repeating: statistics.repeating,
        orderGain: statistics.orderGain,
        sample: lines)
      switch place {
      case .shape(let shape): proposal.pattern = shape.pattern(values.detail)
      case .field(let name): proposal.field = name
      }
      if passed == rules.count, proposal.field == nil {
        // The expression must find these values and little else; what it finds counts.
        let found = try search.count(proposal.pattern)
        let known = Double(values.values.count)
        guard (0.8 * known...1.2 * known).contains(Double(found.keys.count)) else { continue }
        proposal.coverage = Double(found.lines) / Double(max(lines, 1))
        proposal.values = found.keys.count
        proposal.linesPerValue =
          Double(found.keys.values.reduce(0, +)) / Double(max(found.keys.count, 1))
      }
      if passed == rules.count {
        // A field says what it is; a word in a text may be there by chance. Values with one kind of line are no sessions.
        let score =
          statistics.orderGain * statistics.ordered + 1e-3 * Double(values.longest)
          + (proposal.field == nil ? 0 : fieldAdvantage)
        let isBetter =
          best.map { (score, $0.proposal.name) > ($0.score, proposal.name) } ?? true
        if isBetter { best = (score, proposal) }
      }
      let rank = (passed, statistics.coverage, proposal.name)
      if likeliest.map({ rank > ($0.passed, $0.coverage, $0.proposal.name) }) ?? true {
        likeliest = (passed, statistics.coverage, proposal)
      }
    }
    if let best { return .found(best.proposal) }
    guard let likeliest, likeliest.passed < rules.count else {
      return .none(likeliest: nil, lack: nil)
    }
    return .none(likeliest: likeliest.proposal, lack: rules[likeliest.passed].lack)
  }
}
