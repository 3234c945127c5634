import Birchlog
import CBirchlog
import Testing

@Suite struct ExplanationTests {
  /// Anomalous sessions of the simulation, each different one once, with their explanations.
  private func explained(
    _ model: OpaquePointer, options: String? = nil
  ) throws -> [(events: [Int32], document: JSONValue)] {
    let sessions = Simulation.mixed(80).filter { $0.kind != "normal" }.map(\.events)
    let flat = FlatSessions(sessions)
    var findings: OpaquePointer?
    try #require(
      birchlog_classify_sessions(model, flat.events, flat.offsets, flat.count, &findings)
        == BIRCHLOG_OK)
    defer { birchlog_findings_free(findings) }
    return try sessions.enumerated().map { index, events in
      var json: OpaquePointer?
      try #require(
        birchlog_findings_explain(findings, index, options, &json) == BIRCHLOG_OK,
        "\(lastError())")
      return (events, try JSONValue(parsing: take(json)))
    }
  }

  private func scores(_ sessions: [[Int32]], _ model: OpaquePointer) throws -> [Double] {
    let flat = FlatSessions(sessions)
    var findings: OpaquePointer?
    try #require(
      birchlog_classify_sessions(model, flat.events, flat.offsets, flat.count, &findings)
        == BIRCHLOG_OK)
    defer { birchlog_findings_free(findings) }
    return try (0..<flat.count).map { index in
      var finding = birchlog_finding()
      finding.struct_size = UInt32(MemoryLayout<birchlog_finding>.size)
      try #require(birchlog_findings_get(findings, index, &finding) == BIRCHLOG_OK)
      return finding.score
    }
  }

  private func without(_ positions: Set<Int>, _ events: [Int32]) -> [Int32] {
    events.indices.filter { !positions.contains($0) }.map { events[$0] }
  }

  @Test func withoutTheNamedEventsTheScoreFallsMoreThanWithoutAsManyAtRandom() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    var draw = SplitMix(state: 7)
    var (compared, better) = (0, 0)
    var (namedFall, randomFall) = (0.0, 0.0)
    for (events, document) in try explained(model) {
      let named = (document["decisive"]?.array ?? []).compactMap(\.int)
      guard !named.isEmpty, named.count < events.count else { continue }
      let random = (0..<20).map { _ in
        without(Set(events.indices.shuffled(using: &draw).prefix(named.count)), events)
      }
      let scores = try scores([events, without(Set(named), events)] + random, model)
      let falls = scores.dropFirst().map { scores[0] - $0 }
      let mean = falls.dropFirst().reduce(0, +) / Double(random.count)
      compared += 1
      namedFall += falls[0]
      randomFall += mean
      if falls[0] > mean { better += 1 }
      if let told = document["score_without"]?.double {
        #expect(abs(told - scores[1]) < 1e-3)
      }
    }
    #expect(compared >= 20)
    #expect(Double(better) >= 0.9 * Double(compared), "\(better) of \(compared)")
    #expect(namedFall > 2 * randomFall, "\(namedFall) against \(randomFall)")
  }

  @Test func theSummaryNamesWhatNormalBehaviourNeverShowed() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    var crashes = 0
    for (events, document) in try explained(model) where events.contains(7) {
      crashes += 1
      let summary = document["summary"]?.string ?? ""
      #expect(summary.hasPrefix("“event 7”, never comes in normal behaviour, nor does “event 8”."))
      #expect(document["reason"]?.string == "event 7")
      let removed = (document["repair"]?["edits"]?.array ?? []).filter {
        $0["action"]?.string == "remove"
          && ($0["positions"]?.array ?? []).contains { $0.int == events.firstIndex(of: 7) }
      }
      for edit in removed { #expect(edit["event"]?.int == 7) }
    }
    #expect(crashes == 10)
  }

  @Test func whatTrainingNeverSawIsNamedBeforeWhatItSawInUnlabelledInput() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    let flat = FlatSessions([[1, 2, 3, 3, 7, 8, 99, 6]])
    var findings: OpaquePointer?
    try #require(
      birchlog_classify_sessions(model, flat.events, flat.offsets, flat.count, &findings)
        == BIRCHLOG_OK)
    defer { birchlog_findings_free(findings) }
    var json: OpaquePointer?
    try #require(birchlog_findings_explain(findings, 0, nil, &json) == BIRCHLOG_OK)
    let document = try JSONValue(parsing: take(json))
    #expect(
      document["summary"]?.string?.hasPrefix("“event 99”, comes nowhere in training.") == true)
    #expect(document["reason"]?.string == "event 99")
    #expect(document["evidence"]?.array?.first?["event"]?.int == 99)
  }

  @Test func theRepairMakesTheSessionNormal() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    var (repaired, all) = (0, 0)
    for (events, document) in try explained(model) {
      all += 1
      guard let repair = document["repair"], repair != .null else { continue }
      if repair["anomalous"] == .bool(false) { repaired += 1 }
      let edits = repair["edits"]?.array ?? []
      let removed = edits.filter { $0["action"]?.string == "remove" }
      guard removed.count == edits.count else { continue }
      let positions = removed.flatMap { $0["positions"]?.array ?? [] }.compactMap(\.int)
      let score = try scores([without(Set(positions), events)], model)[0]
      #expect(abs(score - (repair["score"]?.double ?? -1)) < 1e-3)
    }
    #expect(all == 30)
    #expect(Double(repaired) >= 0.9 * Double(all), "\(repaired) of \(all)")
  }

  @Test func anExplanationHoldsEveryPart() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    for (events, document) in try explained(model) {
      #expect(document["summary"]?.string?.isEmpty == false)
      #expect(document["evidence"]?.array?.isEmpty == false)
      let neighbours = document["neighbours"]?.array ?? []
      #expect(neighbours.count == 2)
      for neighbour in neighbours {
        #expect(neighbour["kind"]?.string != document["kind"]?.string)
        let weights = (neighbour["evidence"]?.array ?? []).compactMap { $0["weight"]?.double }
        #expect(!weights.isEmpty && weights.reduce(0, +) <= 1.0001)
      }
      let attended = document["attended"]?.array ?? []
      #expect(!attended.isEmpty && attended.count <= events.count + 1)
      for item in attended { #expect(item["heads"]?.array?.count == 2) }
      let total = attended.compactMap { $0["mean"]?.double }.reduce(0, +)
      #expect(total > 0 && total < 1.001)
      // These very sessions were in training.
      #expect(document["exemplar"]?["distance"]?.double ?? 1 < 0.01)
      #expect(document["exemplar"]?["kind"] == document["kind"])
      #expect(document["raw"]?["note"]?.string?.isEmpty == false)
      #expect(document["signature"] == nil)
    }
  }

  @Test func onlyThePartsAskedForAreMade() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    let documents = try explained(model, options: #"{"parts":["signature"],"alternatives":1}"#)
    for (_, document) in documents {
      #expect((document["signature"]?.array?.count ?? 0) > 6)
      for part in ["summary", "neighbours", "attended", "exemplar", "repair", "raw"] {
        #expect(document[part] == nil)
      }
      let expected = document["evidence"]?.array?.first?["expected"]?.array
      #expect(expected?.count == 1)
    }
  }

  @Test func wrongOptionsOfAnExplanationAreRefused() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    let flat = FlatSessions([[1, 2, 7]])
    var findings: OpaquePointer?
    try #require(
      birchlog_classify_sessions(model, flat.events, flat.offsets, flat.count, &findings)
        == BIRCHLOG_OK)
    defer { birchlog_findings_free(findings) }
    for options in [
      #"{"parts":"raw"}"#, #"{"parts":["all"]}"#, #"{"lines":-1}"#, #"{"alternatives":0}"#,
      #"{"colour":1}"#, "[]",
    ] {
      var json: OpaquePointer?
      #expect(birchlog_findings_explain(findings, 0, options, &json) == BIRCHLOG_ERROR_OPTION)
      #expect(json == nil)
    }
    var json: OpaquePointer?
    #expect(birchlog_findings_explain(findings, 1, nil, &json) == BIRCHLOG_ERROR_NOT_FOUND)
  }
}

/// A small deterministic generator.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
