import Glibc
import SequenceModel

/// A file that a training writes as it goes on, so that one that was stopped continues where it was
/// and ends with the same bytes.
///
/// It holds what each network has learned so far under a key made of the data, the options and the
/// instruction set: what does not fit is never used. One thread at a time.
final class TrainingCheckpoint {
  /// What a checkpoint starts with; the number is that of the layout.
  static let magic = Array("birchlog checkpoint 1\n".utf8)
  /// Seconds between two writes while one network trains.
  private static let interval = 5.0

  private let path: String
  /// What an earlier run left.
  private var found: [UInt64: TrainingState] = [:]
  /// What belongs to this run, in order.
  private var states: [(key: UInt64, state: TrainingState)] = []
  private var lastWrite = 0.0
  private var isChanged = false
  /// Why the file could not be written.
  private(set) var failure: BirchlogError?

  /// - Throws: `io` when the file can be neither read nor written, `input` when it is no checkpoint.
  init(path: String) throws(BirchlogError) {
    self.path = path
    if access(path, F_OK) == 0 { try read() }
    // Fails now rather than after an hour.
    let probe = try AtomicFile(path: path)
    probe.discard()
  }

  /// Trains a network, or goes on where an earlier run with the same key stopped.
  ///
  /// - Parameter train: takes the state to start from and what to call with each later one.
  func run<Result>(
    _ key: UInt64,
    _ train: (TrainingState?, ((TrainingState) -> Void)?) throws(BirchlogError) -> Result
  ) throws(BirchlogError) -> Result {
    let before = found[key]
    if let before { keep(before, key) }
    let result: Result
    do {
      result = try train(before) { self.keep($0, key) }
    } catch {
      // Cancelled or failed: what was learned last is worth keeping.
      write()
      throw failure ?? error
    }
    if let failure { throw failure }
    return result
  }

  private func keep(_ state: TrainingState, _ key: UInt64) {
    if states.last?.key == key { states.removeLast() }
    states.append((key, state))
    isChanged = isChanged || found[key] != state
    if state.isComplete || Self.seconds - lastWrite >= Self.interval { write() }
  }

  private static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// Trains a network with or without a checkpoint.
func checkpointed<Result>(
  _ checkpoint: TrainingCheckpoint?, _ key: @autoclosure () -> FitKey,
  _ train: (TrainingState?, ((TrainingState) -> Void)?) throws(BirchlogError) -> Result
) throws(BirchlogError) -> Result {
  guard let checkpoint else { return try train(nil, nil) }
  return try checkpoint.run(key().value, train)
}

// MARK: The file

extension TrainingCheckpoint {
  private func write() {
    guard isChanged, failure == nil else { return }
    do {
      let writer = try SnapshotWriter(path: path, magic: Self.magic)
      writer.write(UInt64(states.count))
      for (key, state) in states {
        writer.write(key)
        state.write(to: writer)
        try writer.flush()
      }
      try writer.commit()
    } catch {
      failure = error
    }
    lastWrite = Self.seconds
    isChanged = false
  }

  private func read() throws(BirchlogError) {
    var reader = try SnapshotReader(
      path: path, magic: Self.magic,
      damage: "is no checkpoint of a training, or a damaged one; remove it or name another file")
    for _ in 0..<(try reader.length()) {
      let key = try reader.unsigned()
      found[key] = try TrainingState(&reader)
    }
    guard reader.remaining == 0 else { throw reader.damaged }
  }
}

extension TrainingState {
  fileprivate func write(to writer: SnapshotWriter) {
    writer.write(report.epochs)
    writer.write(report.bestEpoch)
    for losses in [report.trainingLoss, report.validationLoss, powers] {
      writer.write(UInt64(losses.count))
      for value in losses { writer.write(value) }
    }
    writer.write(step)
    for numbers in [parameters, best] + (isComplete ? [[], []] : moments) {
      writer.write(UInt64(numbers.count))
      for value in numbers { writer.write(value) }
    }
    writer.write(isComplete ? 1 : 0)
  }

  fileprivate init(_ reader: inout SnapshotReader) throws(BirchlogError) {
    var report = TrainingReport()
    report.epochs = try reader.count()
    report.bestEpoch = try reader.count()
    report.trainingLoss = try reader.doubles()
    report.validationLoss = try reader.doubles()
    report.bestValidationLoss = report.validationLoss.min()
    let powers = try reader.doubles()
    let step = try reader.count()
    var numbers: [[Float]] = []
    for _ in 0..<4 { numbers.append(try reader.floats()) }
    let isComplete = try reader.count() != 0
    self.init(
      report: report, step: step, parameters: numbers[0], best: numbers[1],
      moments: isComplete ? [] : Array(numbers[2...]), powers: powers, isComplete: isComplete)
  }
}

extension SnapshotReader {
  fileprivate mutating func doubles() throws(BirchlogError) -> [Double] {
    var values: [Double] = []
    for _ in 0..<(try length()) { values.append(try double()) }
    return values
  }

  fileprivate mutating func floats() throws(BirchlogError) -> [Float] {
    let count = try length()
    var values: [Float] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try float()) }
    return values
  }
}
