import CBirchlog
import Glibc
import Testing

@Suite struct ModelTests {
  @Test func theKindsOfASmallServiceAreFound() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    let mixed = Simulation.mixed(200)
    let flat = FlatSessions(mixed.map(\.events))
    var findings: OpaquePointer?
    #expect(
      birchlog_classify_sessions(model, flat.events, flat.offsets, flat.count, &findings)
        == BIRCHLOG_OK)
    defer { birchlog_findings_free(findings) }
    #expect(birchlog_findings_count(findings) == 200)
    var kinds: [String: Set<String>] = [:]
    for index in 0..<200 {
      var finding = birchlog_finding()
      finding.struct_size = UInt32(MemoryLayout<birchlog_finding>.size)
      #expect(birchlog_findings_get(findings, index, &finding) == BIRCHLOG_OK)
      #expect((finding.anomalous == 1) == (mixed[index].kind != "normal"))
      #expect((finding.anomalous == 1) == (finding.score > finding.threshold))
      #expect(String(cString: finding.session) == "\(index)")
      kinds[mixed[index].kind, default: []].insert(String(cString: finding.kind))
    }
    #expect(kinds.values.allSatisfy { $0.count == 1 }, "\(kinds)")
    #expect(Set(kinds.values).count == 4, "\(kinds)")
  }

  @Test func withTopGTheScoreIsTheWorstRank() throws {
    let model = try trainedModel(
      options: #"{"hidden_size":16,"layers":1,"epochs":20,"detector":"top_g","top_g":3}"#)
    defer { birchlog_model_free(model) }
    let flat = FlatSessions([[1, 2, 3, 5, 6], [1, 2, 3, 7, 8]])
    var findings: OpaquePointer?
    try #require(
      birchlog_classify_sessions(model, flat.events, flat.offsets, flat.count, &findings)
        == BIRCHLOG_OK)
    defer { birchlog_findings_free(findings) }
    for (index, anomalous) in [false, true].enumerated() {
      var finding = birchlog_finding()
      finding.struct_size = UInt32(MemoryLayout<birchlog_finding>.size)
      #expect(birchlog_findings_get(findings, index, &finding) == BIRCHLOG_OK)
      #expect(finding.threshold == 3)
      #expect(finding.score == finding.score.rounded())
      #expect((finding.score > 3) == anomalous)
      #expect((finding.anomalous == 1) == anomalous)
    }
  }

  @Test func aSavedModelIsTheSameModel() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    let path = "/tmp/birchlog-test-\(getpid()).model"
    defer { unlink(path) }
    #expect(birchlog_model_save(model, path) == BIRCHLOG_OK, "\(lastError())")
    var loaded: OpaquePointer?
    try #require(birchlog_model_load(path, &loaded) == BIRCHLOG_OK, "\(lastError())")
    defer { birchlog_model_free(loaded) }
    var (before, after): (OpaquePointer?, OpaquePointer?) = (nil, nil)
    #expect(birchlog_model_kinds(model, &before) == BIRCHLOG_OK)
    #expect(birchlog_model_kinds(loaded, &after) == BIRCHLOG_OK)
    #expect(take(before) == take(after))
    let again = path + "2"
    defer { unlink(again) }
    #expect(birchlog_model_save(loaded, again) == BIRCHLOG_OK)
    #expect(try bytes(path) == bytes(again))
  }

  @Test func theSameSeedGivesTheSameBytesWithAnyNumberOfThreads() throws {
    var files: [[UInt8]] = []
    for threads in [1, 2, 2] {
      let model = try trainedModel(
        options:
          #"{"hidden_size":16,"layers":2,"attention_heads":2,"epochs":5,"threads":\#(threads)}"#)
      defer { birchlog_model_free(model) }
      let path = "/tmp/birchlog-test-\(getpid())-\(files.count).model"
      defer { unlink(path) }
      #expect(birchlog_model_save(model, path) == BIRCHLOG_OK)
      files.append(try bytes(path))
    }
    #expect(files[0] == files[1])
    #expect(files[1] == files[2])
  }

  @Test func aNameSurvivesARefit() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    var named: OpaquePointer?
    #expect(birchlog_model_name_kind(model, "k2", "the second", &named) == BIRCHLOG_OK)
    defer { birchlog_model_free(named) }
    var refitter: OpaquePointer?
    #expect(birchlog_trainer_create(nil, &refitter) == BIRCHLOG_OK)
    defer { birchlog_trainer_free(refitter) }
    let more = FlatSessions(Simulation.mixed(120).map(\.events).reversed())
    #expect(
      birchlog_trainer_add_sessions(
        refitter, more.events, more.offsets, more.count, BIRCHLOG_ROLE_MIXED) == BIRCHLOG_OK)
    var refitted: OpaquePointer?
    try #require(
      birchlog_trainer_refit(refitter, named, nil, nil, &refitted) == BIRCHLOG_OK, "\(lastError())")
    defer { birchlog_model_free(refitted) }
    var text: OpaquePointer?
    #expect(birchlog_model_kinds(refitted, &text) == BIRCHLOG_OK)
    #expect(take(text).contains(#""id":"k2","name":"the second""#))
  }

  @Test func everyDamagedByteOfAModelGivesAnErrorAndNoCrash() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    let path = "/tmp/birchlog-test-\(getpid())-damage.model"
    defer { unlink(path) }
    #expect(birchlog_model_save(model, path) == BIRCHLOG_OK)
    let whole = try bytes(path)
    for position in stride(from: 0, to: whole.count, by: 997) {
      var damaged = whole
      damaged[position] ^= 0x55
      var loaded: OpaquePointer?
      #expect(birchlog_model_load_memory(damaged, damaged.count, &loaded) != BIRCHLOG_OK)
      #expect(loaded == nil)
      #expect(birchlog_model_load_memory(whole, position, &loaded) == BIRCHLOG_ERROR_MODEL)
    }
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "rb"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}
