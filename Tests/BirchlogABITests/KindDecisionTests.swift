import CBirchlog
import Glibc
import Testing

@Suite struct KindDecisionTests {
  @Test func mergedKindsHaveOneIdAtOnceAndAfterARefitUntilTheMergeIsTakenBack() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    let before = try kindIDs(model)
    let merged = try edited { output in
      withIDs(["k1", "k2"]) { birchlog_model_kinds_merge(model, $0, 2, output) }
    }
    defer { birchlog_model_free(merged) }
    let expected = before.map { $0 == "k2" ? "k1" : $0 }
    #expect(try kindIDs(merged) == expected)
    #expect(try kinds(merged).contains(#""aliases":["k2"]"#))
    let refitted = try refit(merged)
    defer { birchlog_model_free(refitted) }
    #expect(try kindIDs(refitted) == expected)
    let undone = try edited { birchlog_model_kinds_undo(refitted, "k1", "merge", $0) }
    defer { birchlog_model_free(undone) }
    #expect(try kindIDs(undone) == before)
  }

  @Test func theUnitsOfAMarkedKindKeepItsIdAndAreNotAnomalous() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    let marked = try edited { birchlog_model_kinds_mark_normal(model, "k1", 1, $0) }
    defer { birchlog_model_free(marked) }
    let refitted = try refit(marked)
    defer { birchlog_model_free(refitted) }
    let plain = try verdicts(model)
    for edited in [marked, refitted] {
      for (own, other) in zip(plain, try verdicts(edited)) {
        #expect(own.kind == other.kind)
        #expect(other.isAnomalous == (own.isAnomalous && own.kind != "k1"))
      }
    }
    #expect(plain.contains { $0.kind == "k1" && $0.isAnomalous })
    let again = try edited { birchlog_model_kinds_mark_normal(refitted, "k1", 0, $0) }
    defer { birchlog_model_free(again) }
    #expect(try verdicts(again).map(\.isAnomalous) == plain.map(\.isAnomalous))
  }

  @Test func aSplitGivesNewIdsWhichARefitKeepsApartAndIsTakenBack() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    let before = try kindIDs(model)
    // Kinds whose remembered units differ can be split.
    let kind = try #require(
      ["k1", "k2", "k3"].first { id in
        var output: OpaquePointer?
        defer { birchlog_model_free(output) }
        return birchlog_model_kinds_split(model, id, nil, 0, &output) == BIRCHLOG_OK
      })
    let split = try edited { birchlog_model_kinds_split(model, kind, nil, 0, $0) }
    defer { birchlog_model_free(split) }
    let refitted = try refit(split)
    defer { birchlog_model_free(refitted) }
    for edited in [split, refitted] {
      let after = try kindIDs(edited)
      let parts = Set(zip(before, after).filter { $0.0 == kind }.map(\.1))
      #expect(parts == ["k4", "k5"], "\(parts)")
      #expect(zip(before, after).allSatisfy { $0 == kind || $0 == $1 })
    }
    for id in [kind, "k5"] {
      let undone = try edited { birchlog_model_kinds_undo(refitted, id, "split", $0) }
      defer { birchlog_model_free(undone) }
      #expect(try kindIDs(undone) == before)
    }
  }

  @Test func notesAndNamesAreTakenBackOneByOne() throws {
    var model = try trainedModel()
    func replace(_ edit: (UnsafeMutablePointer<OpaquePointer?>) -> birchlog_status) throws {
      let next = try edited(edit)
      birchlog_model_free(model)
      model = next
    }
    defer { birchlog_model_free(model) }
    try replace { birchlog_model_name_kind(model, "k1", "first", $0) }
    try replace { birchlog_model_name_kind(model, "k1", "second", $0) }
    try replace { birchlog_model_kinds_note(model, "k1", "seen at night", $0) }
    try replace { birchlog_model_kinds_note(model, "k1", "ticket 12", $0) }
    #expect(try kinds(model).contains(#""notes":["seen at night","ticket 12"]"#))
    try replace { birchlog_model_kinds_undo(model, "k1", "note", $0) }
    #expect(try kinds(model).contains(#""notes":["seen at night"]"#))
    try replace { birchlog_model_kinds_undo(model, "k1", "name", $0) }
    #expect(try kinds(model).contains(#""id":"k1","name":"first""#))
    try replace { birchlog_model_kinds_undo(model, "k1", "name", $0) }
    #expect(try kinds(model).contains(#""id":"k1","name":null"#))
    var output: OpaquePointer?
    #expect(birchlog_model_kinds_undo(model, "k1", "name", &output) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(output == nil)
  }

  @Test func decisionsSurviveTheModelFile() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    let merged = try edited { output in
      withIDs(["k1", "k2"]) { birchlog_model_kinds_merge(model, $0, 2, output) }
    }
    defer { birchlog_model_free(merged) }
    let noted = try edited { birchlog_model_kinds_note(merged, "k3", "harmless", $0) }
    defer { birchlog_model_free(noted) }
    let marked = try edited { birchlog_model_kinds_mark_normal(noted, "k3", 1, $0) }
    defer { birchlog_model_free(marked) }
    let path = "/tmp/birchlog-test-\(getpid())-decisions.model"
    defer { unlink(path) }
    try #require(birchlog_model_save(marked, path) == BIRCHLOG_OK)
    var loaded: OpaquePointer?
    try #require(birchlog_model_load(path, &loaded) == BIRCHLOG_OK, "\(lastError())")
    defer { birchlog_model_free(loaded) }
    #expect(try kinds(loaded) == kinds(marked))
    #expect(try verdicts(loaded).map(\.isAnomalous) == verdicts(marked).map(\.isAnomalous))
  }

  @Test func whatCannotBeDoneIsSaid() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    var output: OpaquePointer?
    #expect(birchlog_model_kinds_note(model, "k33", "x", &output) == BIRCHLOG_ERROR_NOT_FOUND)
    #expect(lastError().contains("k0, k1, k2, k3") && lastError().contains("nearest: k3"))
    let merges = [["k1"], ["k1", "k1"], ["k1", "k0"], []]
    for ids in merges {
      let status = withIDs(ids) { birchlog_model_kinds_merge(model, $0, ids.count, &output) }
      #expect(status == BIRCHLOG_ERROR_ARGUMENT, "\(ids)")
    }
    #expect(birchlog_model_kinds_mark_normal(model, "k0", 1, &output) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_model_kinds_split(model, "k0", nil, 0, &output) == BIRCHLOG_ERROR_ARGUMENT)
    let strangers = withIDs(["no", "such"]) {
      birchlog_model_kinds_split(model, "k1", $0, 2, &output)
    }
    #expect(strangers == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_model_kinds_undo(model, "k1", "train", &output) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_model_kinds_undo(model, "k1", "split", &output) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(output == nil)
  }

  private func edited(
    _ edit: (UnsafeMutablePointer<OpaquePointer?>) -> birchlog_status
  ) throws -> OpaquePointer {
    var output: OpaquePointer?
    try #require(edit(&output) == BIRCHLOG_OK, "\(lastError())")
    return try #require(output)
  }

  private func withIDs<Result>(
    _ ids: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = ids.map { UnsafePointer(strdup($0)) }
    defer { for copy in copies { free(UnsafeMutableRawPointer(mutating: copy)) } }
    // One more, so that an empty list has an address too.
    return (copies + [nil]).withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { fatalError("a list without an address") }
      return body(base)
    }
  }

  /// The model with its kinds found anew from further sessions in another order.
  private func refit(_ model: OpaquePointer) throws -> OpaquePointer {
    var refitter: OpaquePointer?
    try #require(birchlog_trainer_create(nil, &refitter) == BIRCHLOG_OK)
    defer { birchlog_trainer_free(refitter) }
    let more = FlatSessions(Simulation.mixed(160).map(\.events).reversed())
    try #require(
      birchlog_trainer_add_sessions(
        refitter, more.events, more.offsets, more.count, BIRCHLOG_ROLE_MIXED) == BIRCHLOG_OK)
    return try edited { birchlog_trainer_refit(refitter, model, nil, nil, $0) }
  }

  private func kinds(_ model: OpaquePointer?) throws -> String {
    var text: OpaquePointer?
    try #require(birchlog_model_kinds(model, &text) == BIRCHLOG_OK)
    return take(text)
  }

  private func kindIDs(_ model: OpaquePointer?) throws -> [String] {
    try verdicts(model).map(\.kind)
  }

  private func verdicts(_ model: OpaquePointer?) throws -> [(kind: String, isAnomalous: Bool)] {
    let flat = FlatSessions(Simulation.mixed(200).map(\.events))
    var findings: OpaquePointer?
    try #require(
      birchlog_classify_sessions(model, flat.events, flat.offsets, flat.count, &findings)
        == BIRCHLOG_OK)
    defer { birchlog_findings_free(findings) }
    return try (0..<flat.count).map { index in
      var finding = birchlog_finding()
      finding.struct_size = UInt32(MemoryLayout<birchlog_finding>.size)
      try #require(birchlog_findings_get(findings, index, &finding) == BIRCHLOG_OK)
      return (String(cString: finding.kind), finding.anomalous == 1)
    }
  }
}
