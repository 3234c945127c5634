import Glibc
import Testing

@testable import Birchlog

/// A training that is stopped and started again.
@Suite struct CheckpointTests {
  private let folder = "/tmp/birchlog-checkpoint-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
  private var file: String { "\(folder)/state" }
  private let sessions: [[Int32]] = (0..<60).map { index in
    index % 3 == 0 ? [1, 2, 3, 4, 5, 6] : [1, 2, 2, 3, 4, Int32(5 + index % 2)]
  }
  private let odd: [[Int32]] = (0..<12).map { [1, 2, 9, Int32(9 + $0 % 2), 4] + [7, 7] }

  init() { mkdir(folder, 0o700) }

  private func clear() {
    unlink(file)
    unlink("\(folder)/model")
    rmdir(folder)
  }

  /// A trainer on the sessions; `extra` changes what there is to learn.
  private func trainer(checkpoint: Bool = true, seed: Int = 1, extra: [[Int32]] = []) throws
    -> Trainer
  {
    let place = checkpoint ? ", \"checkpoint\": \"\(file)\"" : ""
    let trainer = try Trainer(
      options: "{\"hidden_size\": 16, \"epochs\": 3, \"seed\": \(seed)\(place)}")
    trainer.add(sessions: sessions + extra, isNormal: true)
    trainer.add(sessions: odd, isNormal: false)
    return trainer
  }

  private func bytes(_ model: Model) throws -> [UInt8] {
    try model.save(to: "\(folder)/model")
    return try fileBytes("\(folder)/model", limit: 1 << 30)
  }

  @Test func aCancelledTrainingGoesOnToTheSameBytes() throws {
    defer { clear() }
    var wanted = 0
    let whole = try bytes(
      trainer(checkpoint: false).run { _ in
        wanted += 1
        return true
      })
    var reports: [Int] = []
    // After a quarter and a half at most, more than an eighth is left to stop.
    for part in [4, 2, 8] {
      let limit = wanted / part
      var seen = 0
      #expect(throws: BirchlogError.cancelled) {
        _ = try trainer().run { _ in
          seen += 1
          return seen < limit
        }
      }
      reports.append(seen)
    }
    var left = 0
    let resumed = try trainer().run { _ in
      left += 1
      return true
    }
    #expect(try bytes(resumed) == whole)
    #expect(left < wanted)
    // A finished training has nothing left to learn.
    var again = 0
    let repeated = try trainer().run { progress in
      again += progress.loss.isFinite ? 1 : 0
      return true
    }
    #expect(try bytes(repeated) == whole)
    #expect(again == 0)
  }

  @Test func whatBelongsToOtherDataOrOptionsIsNotUsed() throws {
    defer { clear() }
    _ = try trainer().run { _ in true }
    let other = try bytes(trainer(checkpoint: false, extra: [[3, 2, 1]]).run { _ in true })
    #expect(try bytes(trainer(extra: [[3, 2, 1]]).run { _ in true }) == other)
    let seeded = try bytes(trainer(checkpoint: false, seed: 2).run { _ in true })
    #expect(try bytes(trainer(seed: 2).run { _ in true }) == seeded)
  }

  @Test func aFileThatIsNoCheckpointIsAnErrorAndStays() throws {
    defer { clear() }
    let writer = try AtomicFile(path: file)
    try writer.write(Array("notes of mine\n".utf8))
    try writer.commit()
    #expect(throws: BirchlogError.self) { _ = try trainer().run { _ in true } }
    #expect(try fileBytes(file, limit: 100) == Array("notes of mine\n".utf8))
    unlink(file)
    _ = try trainer().run { _ in true }
    var damaged = try fileBytes(file, limit: 1 << 30)
    for place in stride(from: 3, to: damaged.count, by: damaged.count / 20) {
      damaged[place] ^= 0x40
      let copy = try AtomicFile(path: file)
      try copy.write(damaged)
      try copy.commit()
      #expect(throws: BirchlogError.self) { _ = try trainer().run { _ in true } }
      damaged[place] ^= 0x40
    }
  }

  @Test func aPlaceThatCannotBeWrittenIsToldAtOnce() throws {
    defer { clear() }
    let trainer = try Trainer(options: "{\"checkpoint\": \"\(folder)/missing/state\"}")
    trainer.add(sessions: sessions, isNormal: true)
    var calls = 0
    #expect(throws: BirchlogError.self) {
      _ = try trainer.run { _ in
        calls += 1
        return true
      }
    }
    #expect(calls == 0)
  }

  @Test func aCheckpointIsNoPartOfTheModel() throws {
    defer { clear() }
    let plain = try bytes(trainer(checkpoint: false).run { _ in true })
    #expect(try bytes(trainer().run { _ in true }) == plain)
  }
}
