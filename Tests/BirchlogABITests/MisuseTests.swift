import CBirchlog
import Testing

@Suite struct MisuseTests {
  @Test func nullIsAnErrorEverywhereAndFreeTakesIt() {
    var handle: OpaquePointer?
    #expect(birchlog_model_load(nil, &handle) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_model_load("x", nil) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_model_load_memory(nil, 8, &handle) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_model_save(nil, "x") == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_model_describe(nil, &handle) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_classify_windows(nil, nil, 0, 0, &handle) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_classify_sessions(nil, nil, nil, 0, &handle) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_classify_lines(nil, nil, 0, nil, &handle) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_stream_create(nil, nil, &handle) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_stream_push(nil, "x", 1) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_trainer_create(nil, nil) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(birchlog_trainer_run(nil, nil, nil, &handle) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(handle == nil)
    #expect(birchlog_model_retain(nil) == nil)
    #expect(birchlog_findings_count(nil) == 0)
    #expect(String(cString: birchlog_text_data(nil)) == "")
    birchlog_model_free(nil)
    birchlog_stream_free(nil)
    birchlog_findings_free(nil)
    birchlog_trainer_free(nil)
    birchlog_trainer_cancel(nil)
    birchlog_text_free(nil)
  }

  @Test func lengthsNegativesAndOffsetsAreChecked() throws {
    let model = try trainedModel()
    defer { birchlog_model_free(model) }
    var findings: OpaquePointer?
    let events: [Int32] = [1, 2, -3, 4]
    #expect(birchlog_classify_windows(model, events, 1, 4, &findings) == BIRCHLOG_ERROR_ARGUMENT)
    #expect(lastError().contains("events[2] is -3"))
    #expect(birchlog_classify_windows(model, events, 1, 100_000, &findings) == BIRCHLOG_ERROR_LIMIT)
    #expect(birchlog_classify_windows(model, events, -1, 4, &findings) == BIRCHLOG_ERROR_LIMIT)
    #expect(
      birchlog_classify_windows(model, events, Int.max, Int.max, &findings) == BIRCHLOG_ERROR_LIMIT)
    #expect(birchlog_classify_windows(model, events, 2, 0, &findings) == BIRCHLOG_ERROR_ARGUMENT)
    let descending = [0, 3, 1]
    #expect(
      birchlog_classify_sessions(model, events, descending, 2, &findings) == BIRCHLOG_ERROR_ARGUMENT
    )
    #expect(findings == nil)
    let good: [Int32] = [1, 2, 3, 1_000_000]
    #expect(birchlog_classify_windows(model, good, 1, 4, &findings) == BIRCHLOG_OK)
    #expect(birchlog_findings_count(findings) == 1)
    var finding = birchlog_finding()
    #expect(birchlog_findings_get(findings, 0, &finding) == BIRCHLOG_ERROR_ARGUMENT)
    finding.struct_size = UInt32(MemoryLayout<birchlog_finding>.size)
    #expect(birchlog_findings_get(findings, 1, &finding) == BIRCHLOG_ERROR_NOT_FOUND)
    #expect(birchlog_findings_get(findings, 0, &finding) == BIRCHLOG_OK)
    birchlog_findings_free(findings)
  }

  @Test func cancellingStopsATrainingAndTheTrainerRunsAgain() throws {
    let trainer = try trainer()
    defer { birchlog_trainer_free(trainer) }
    var model: OpaquePointer?
    let status = birchlog_trainer_run(trainer, { _, _ in 1 }, nil, &model)
    #expect(status == BIRCHLOG_ERROR_CANCELLED)
    #expect(model == nil)
    #expect(birchlog_trainer_run(trainer, nil, nil, &model) == BIRCHLOG_OK)
    birchlog_model_free(model)
  }

  @Test func optionsThatAreWrongAreRefusedWithTheirName() {
    var trainer: OpaquePointer?
    #expect(birchlog_trainer_create(#"{"windw":3}"#, &trainer) == BIRCHLOG_ERROR_OPTION)
    #expect(lastError().contains("did you mean \"window\""))
    #expect(birchlog_trainer_create("{", &trainer) == BIRCHLOG_ERROR_OPTION)
    #expect(trainer == nil)
  }

  @Test func tooLittleToLearnFromIsSaid() throws {
    for sessions: [[Int32]] in [[], [[]], [[1, 2, 3]]] {
      var trainer: OpaquePointer?
      #expect(birchlog_trainer_create(quickOptions, &trainer) == BIRCHLOG_OK)
      defer { birchlog_trainer_free(trainer) }
      let flat = FlatSessions(sessions)
      #expect(
        birchlog_trainer_add_sessions(
          trainer, flat.events, flat.offsets, flat.count, BIRCHLOG_ROLE_MIXED) == BIRCHLOG_OK)
      var model: OpaquePointer?
      #expect(birchlog_trainer_run(trainer, nil, nil, &model) == BIRCHLOG_ERROR_INPUT)
      #expect(model == nil)
    }
  }
}
