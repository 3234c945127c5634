import AllocationCounter
import Testing

@testable import Birchlog

/// Inputs that are a session each.
@Suite struct FileSessionTests {
  private static func job(_ number: Int, isLost: Bool = false) -> [UInt8] {
    var lines = ["Starting job \(number)", "Fetching sources"]
    for part in 0...(number % 3) { lines.append("Copied part \(part) of \(number * 7 % 90) MB") }
    if !isLost { lines += ["Checked \(number * 13 % 100) parts", "Job succeeded"] }
    return Array(lines.map { "2025-03-05T08:10:00Z \($0)\n" }.joined().utf8)
  }

  private static func model() throws -> Model {
    let trainer = try Trainer(
      options: #"{"unit": "file", "hidden_size": 16, "epochs": 8, "threads": 1}"#)
    for number in 0..<60 { trainer.add(lines: job(number), isNormal: true) }
    return try trainer.run { _ in true }
  }

  private static func finish(_ stream: LogStream, _ lines: [UInt8]) throws -> [Finding] {
    var found: [Finding] = []
    for line in lines.split(separator: 0x0A) {
      try Array(line).withUnsafeBytes { try stream.push($0) }
      found += try stream.poll()
    }
    stream.flush(ended: true)
    return try found + stream.poll()
  }

  @Test func aBufferAndWhatIsPushedUntilAFlushAreASession() throws {
    let model = try Self.model()
    #expect(model.record.normalSessions == 60)
    #expect(model.record.endedUnits == 60)
    #expect(model.options.json["unit"]?.string == "file")
    let stream = try LogStream(model: model, options: #"{"source": "job.log"}"#)
    for (job, isAnomalous) in [(Self.job(70), false), (Self.job(71, isLost: true), true)] {
      let whole = try job.withUnsafeBytes {
        try LogStream(model: model, options: nil).classify(buffer: $0)
      }
      #expect(whole.count == 1)
      #expect(whole.first?.verdict.isAnomalous == isAnomalous)
      let pushed = try Self.finish(stream, job).filter(\.unit.isFinal)
      #expect(pushed.map(\.verdict.score) == whole.map(\.verdict.score))
      #expect(pushed.first.map { String(decoding: $0.unit.session, as: UTF8.self) } == "job.log")
    }
  }

  @Test func aRefitCountsTheEndsOfItsInputToo() throws {
    let model = try Self.model()
    for isNormal in [true, false] {
      let trainer = try Trainer(options: nil)
      for number in 60..<70 { trainer.add(lines: Self.job(number), isNormal: isNormal) }
      let refitted = try trainer.refit(model) { _ in true }
      #expect(refitted.record.normalUnits == (isNormal ? 70 : 60))
      #expect(refitted.record.endedUnits == refitted.record.normalUnits)
    }
  }

  @Test(arguments: ["session", "session_field", "key_field", "format"])
  func anUpdateOrRefitThatContradictsTheModelIsRefused(key: String) throws {
    for (model, other) in [(try Self.model(), "file"), (try Self.gapModel(), "gap_seconds")] {
      if other == "gap_seconds", key == "format" { continue }
      let trainer = try Trainer(
        options: "{\"\(key)\": \"\(key == "format" ? "sequences" : "job")\", \"threads\": 1}")
      for number in 60..<70 { trainer.add(lines: Self.job(number), isNormal: true) }
      for isUpdate in [true, false] {
        let error = try #require(throws: BirchlogError.self) {
          _ =
            isUpdate
            ? try trainer.update(model) { _ in true } : try trainer.refit(model) { _ in true }
        }
        #expect(error == .option(error.message))
        #expect(error.message.contains("\"\(other)\"") && error.message.contains("train anew"))
        #expect(error.message.contains("leave out \"\(key)\" here"))
      }
    }
  }

  private static func gapModel() throws -> Model {
    let trainer = try Trainer(
      options: #"{"gap_seconds": 60, "hidden_size": 16, "epochs": 2, "threads": 1}"#)
    let lines = (0..<60).flatMap { session in
      ["begins", "goes on", "ends"].map {
        "2025-03-05T\(10 + session / 20):\(10 + session % 20 * 2):00Z the run \($0)\n"
      }
    }
    trainer.add(lines: Array(lines.joined().utf8), isNormal: true)
    return try trainer.run { _ in true }
  }

  @Test func theModelFileKeepsWhatASessionIs() throws {
    let options = try Options(stored: Options(json: #"{"unit": "file"}"#).json.text)
    #expect(options.isSessionFile)
    #expect(options.unit == .session)
    #expect(try !Options(json: #"{"unit": "window"}"#).isSessionFile)
    #expect(throws: BirchlogError.self) { try Options(json: #"{"unit": "files"}"#) }
    #expect(throws: BirchlogError.self) { try options.overridden(by: #"{"gap_seconds": 3}"#) }
  }

  @Test func sequencesCarryTheirOwnSessions() throws {
    let trainer = try Trainer(options: #"{"unit": "file", "threads": 1}"#)
    trainer.add(sessions: [[1, 2], [1, 2]], isNormal: true)
    #expect(throws: BirchlogError.self) { _ = try trainer.run { _ in true } }
  }

  @Test func aLineThatDiffersFromTheOneBeforeAllocatesNothing() {
    var edges = InputEdges()
    let texts = [[UInt8](repeating: 0x61, count: 300), Array("begun".utf8)]
    func allocations(of events: [Int32]) -> Int {
      let before = allocation_count()
      for event in events {
        texts[Int(event)].withUnsafeBytes { edges.add(event, $0) }
      }
      return allocation_count() - before
    }
    let alternating = (0..<1_000).map { Int32($0 % 2) }
    _ = allocations(of: alternating)
    let same = allocations(of: alternating.map { _ in 1 })
    if allocation_count() >= 0 { #expect(allocations(of: alternating) == same) }
    edges.add(2, UnsafeRawBufferPointer(start: nil, count: 0))
  }

  private func hint(_ inputs: [[Int32]]) -> String? {
    var edges = InputEdges()
    for events in inputs {
      for event in events { Array("event \(event)".utf8).withUnsafeBytes { edges.add(event, $0) } }
      edges.endInput()
    }
    return edges.hint { $0 }
  }

  @Test func inputsThatBeginAndEndAlikeAreToldOf() {
    let jobs: [[Int32]] = [[1, 5, 5, 2], [1, 6, 2], [1, 5, 3], [1, 5, 6, 2]]
    #expect(
      hint(jobs)?.contains("4 of the 4 files begin alike (\"event 1\") and 3 end alike") == true)
    #expect(hint(Array(jobs.prefix(2))) == nil)
    // What they begin with comes everywhere, or each begins with something else.
    #expect(hint(jobs.map { $0 + [1, 1, 2] }) == nil)
    #expect(hint([[4, 5, 2], [7, 6, 2], [1, 5, 3], [1, 2]]) == nil)
    #expect(hint([]) == nil)
  }
}
