import Glibc
import Testing

@testable import Birchlog

@Suite struct SnapshotTests {
  private let folder = "/tmp/birchlog-snapshot-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"

  init() { mkdir(folder, 0o700) }

  private func clear() {
    unlink("\(folder)/state")
    rmdir(folder)
  }

  @Test func aRestoredTableGoesOnAsIfItHadNeverStopped() throws {
    defer { clear() }
    let limits = SessionTable.Limits(sessions: 20, bytes: 1 << 20, idle: 50, events: 8)
    var generator = StepGenerator(4)
    var whole = SessionTable(limits: limits)
    var parts = SessionTable(limits: limits)
    for step in 0..<2_000 {
      let key = Array("session \(generator.next() % 40)".utf8)
      let event = Int32(generator.next() % 30)
      let time = generator.next() % 5 == 0 ? nil : Int64(step)
      whole.add(key: key, event: event, line: UInt64(step * 3), time: time, source: 0)
      parts.add(key: key, event: event, line: UInt64(step * 3), time: time, source: 0)
      let (left, right) = (whole.takeEnded(), parts.takeEnded())
      #expect(left.map(\.id) == right.map(\.id))
      #expect(left.map(\.events) == right.map(\.events))
      #expect(left.map(\.lines) == right.map(\.lines))
      #expect(left.map(\.dropped) == right.map(\.dropped))
      guard step % 97 == 0 else { continue }
      let path = "\(folder)/state"
      let writer = try SnapshotWriter(path: path)
      try parts.write(to: writer)
      try writer.commit()
      parts = SessionTable(limits: limits)
      var reader = try SnapshotReader(path: path)
      try parts.restore(&reader, eventLimit: nil)
      #expect(reader.remaining == 0)
      #expect(parts.bytes == whole.bytes && parts.openCount == whole.openCount)
    }
    #expect(whole.counts.evicted > 0 && whole.counts.dropped > 0 && whole.counts.ended > 100)
    #expect(parts.counts.opened == whole.counts.opened)
  }

  @Test func numbersComeBackAsTheyWere() throws {
    let path = "\(folder)/state"
    defer { clear() }
    let writer = try SnapshotWriter(path: path)
    let signed: [Int64] = [0, 1, -1, 63, -64, 64, .max, .min]
    for value in signed { writer.write(value) }
    writer.write(UInt64.max)
    writer.write(-1.5)
    writer.write(Float(0.1))
    writer.write([UInt8](repeating: 7, count: 300))
    try writer.commit()
    var reader = try SnapshotReader(path: path)
    for value in signed { #expect(try reader.signed() == value) }
    #expect(try reader.unsigned() == .max)
    #expect(try reader.double() == -1.5)
    #expect(try reader.float() == 0.1)
    #expect(try reader.run() == [UInt8](repeating: 7, count: 300))
    #expect(throws: BirchlogError.self) { try reader.unsigned() }
  }

  @Test func aLengthBeyondTheBytesIsDamageAndNoAllocation() throws {
    let path = "\(folder)/state"
    defer { clear() }
    let writer = try SnapshotWriter(path: path)
    writer.write(UInt64(1) << 60)
    try writer.commit()
    var reader = try SnapshotReader(path: path)
    #expect(throws: BirchlogError.self) { try reader.run() }
  }

  @Test func eventsThatWereNewStayNewToAnUpdatedModel() throws {
    let path = "\(folder)/state"
    defer { clear() }
    let writer = try SnapshotWriter(path: path)
    Session(id: [1], events: [3, 9, 10, 12], lines: [1, 5, 6, 900], ended: false).write(to: writer)
    try writer.commit()
    var reader = try SnapshotReader(path: path)
    let session = try Session(&reader, eventLimit: 10)
    #expect(session.events == [3, 9, .max, .max])
    #expect(session.lines == [1, 5, 6, 900])
  }
}
