import LogText
import Testing

/// Quality on the public LogHub samples, where the environment says where they are.
@Suite(.enabled(if: RealLogs.folder != nil, "BIRCHLOG_DATA names no folder with loghub2k"))
struct RealLogTests {
  private struct Sample {
    var contents: [[UInt8]] = []
    var events: [String] = []
  }

  private func path(_ system: String) -> String {
    (RealLogs.folder ?? "") + "/loghub2k/\(system)_2k.log"
  }

  private func structured(_ system: String) throws -> Sample {
    let source = try LineSource(path: path(system) + "_structured.csv")
    #expect(InputFormat.recognise(source.peek(InputFormat.recognitionLength)) == .structuredCSV)
    let reader = try TextReader(source, format: .structuredCSV, names: FieldNames(key: "EventId"))
    var sample = Sample()
    while let record = try reader.next() {
      sample.contents.append(Array(record.text))
      sample.events.append(record.key.map { ByteText.string($0) } ?? "")
    }
    return sample
  }

  private func raw(_ system: String) throws -> [[UInt8]] {
    let source = try LineSource(path: path(system))
    #expect(InputFormat.recognise(source.peek(InputFormat.recognitionLength)) == .text)
    var lines: [[UInt8]] = []
    while let line = try source.next() { lines.append(Array(line.bytes)) }
    return lines
  }

  /// Share of lines whose predicted group holds exactly the lines of their true group.
  private func groupingAccuracy(_ predicted: [Int32], _ truth: [String]) -> Double {
    var lines: [Int32: Int] = [:]
    var trueLines: [String: Int] = [:]
    var pairs: [String: [Int32: Int]] = [:]
    for (id, event) in zip(predicted, truth) {
      lines[id, default: 0] += 1
      trueLines[event, default: 0] += 1
      pairs[event, default: [:]][id, default: 0] += 1
    }
    var right = 0
    for (event, ids) in pairs {
      if let (id, count) = ids.first, ids.count == 1, lines[id] == count, trueLines[event] == count
      {
        right += count
      }
    }
    return Double(right) / Double(truth.count)
  }

  private func learn(_ contents: [[UInt8]]) -> (miner: TemplateMiner, events: [Int32]) {
    var miner = TemplateMiner()
    let events = contents.map { content in content.withUnsafeBytes { miner.learn($0) } }
    miner.finish()
    return (miner, events.map { miner.finalID(of: $0) })
  }

  @Test func contentsAreGroupedAsExpertsGroupThem() throws {
    var sum = 0.0
    for system in RealLogs.systems {
      let sample = try structured(system)
      let accuracy = groupingAccuracy(learn(sample.contents).events, sample.events)
      #expect(accuracy >= 0.95, "\(system): \(accuracy)")
      sum += accuracy
    }
    #expect(sum / 8 >= 0.98, "mean \(sum / 8)")
  }

  @Test func wholeLinesAreGroupedAlmostAsWell() throws {
    var sum = 0.0
    for system in RealLogs.systems {
      let lines = try raw(system)
      let truth = try structured(system).events
      #expect(lines.count == truth.count)
      let header = HeaderRecogniser(sample: lines)
      let contents = lines.map { line in
        Array(line[line.withUnsafeBytes { header.split($0) }.content])
      }
      sum += groupingAccuracy(learn(contents).events, truth)
    }
    #expect(sum / 8 >= 0.98, "mean \(sum / 8)")
  }

  @Test(arguments: RealLogs.systems)
  func headersEndWhereTheContentBegins(system: String) throws {
    let lines = try raw(system)
    let truth = try structured(system).contents
    let header = HeaderRecogniser(sample: lines)
    var equal = 0
    var timed = 0
    for (line, content) in zip(lines, truth) {
      let split = line.withUnsafeBytes { header.split($0) }
      if Array(line[split.content]) == content { equal += 1 }
      if split.time != nil { timed += 1 }
    }
    #expect(timed == lines.count)
    #expect(equal >= 1900, "\(equal) of \(lines.count)")
  }

  @Test(arguments: RealLogs.systems)
  func everyTrainedLineMatchesItsTemplate(system: String) throws {
    let sample = try structured(system)
    let (miner, events) = learn(sample.contents)
    let restored = try TemplateMiner(state: miner.state)
    for (content, event) in zip(sample.contents, events) {
      content.withUnsafeBytes {
        #expect(miner.match($0) == event)
        #expect(restored.match($0) == event)
        #expect(miner.parameters(of: $0, template: event) != nil)
      }
    }
  }

  @Test func timesRunForwardInTheBlockLog() throws {
    let source = try LineSource(path: (RealLogs.folder ?? "") + "/hdfs/raw_20000.log")
    var lines: [[UInt8]] = []
    while let line = try source.next() { lines.append(Array(line.bytes)) }
    let header = HeaderRecogniser(sample: Array(lines.prefix(HeaderRecogniser.sampleSize)))
    let finder = try SessionKeyPattern(#"blk_-?\d+"#).makeFinder()
    var last: Int64 = 0
    var keyless = 0
    for line in lines {
      line.withUnsafeBytes { bytes in
        let time = header.split(bytes).time ?? -1
        #expect(time >= last)
        last = time
        if finder.keys(in: bytes).isEmpty { keyless += 1 }
      }
    }
    #expect(keyless == 0)
  }

  @Test func sequencesAreRead() throws {
    let source = try LineSource(path: (RealLogs.folder ?? "") + "/hdfs/normal.seq")
    #expect(InputFormat.recognise(source.peek(InputFormat.recognitionLength)) == .sequences)
    var reader = SequenceReader(source)
    var count = 0
    while let record = try reader.next() {
      #expect(record.id?.starts(with: "blk_".utf8) == true)
      count += 1
    }
    #expect(count == 3367)
  }
}
