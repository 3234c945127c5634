import Synchronization
import Threading

/// Collects inputs, then makes a model of them.
public final class Trainer: Sendable {
  /// Something to learn from.
  struct Input: Sendable {
    enum Source: Sendable {
      case file(String)
      case lines([UInt8])
      case sessions([[Int32]])
    }

    var source: Source
    var isNormal: Bool

    var isFile: Bool {
      if case .file = source { true } else { false }
    }

    /// What the input is called: a file without its folders, which are others on another machine; nil for lines and sessions.
    var name: String? {
      guard case .file(let path) = source else { return nil }
      return path == "-" ? "standard input" : path.split(separator: "/").last.map(String.init)
    }
  }

  let options: Options
  /// Keys that the options text set itself.
  let given: Set<String>
  private let inputs = Guarded<[Input]>([])
  private let isCancelled = Atomic<Bool>(false)

  /// - Parameter options: JSON text; nil for the defaults.
  public init(options text: String?) throws(BirchlogError) {
    options = try Options(json: text)
    given = try Options.keys(text)
  }

  /// Adds a file, which is read when training runs; `-` is standard input.
  public func add(file path: String, isNormal: Bool) throws(BirchlogError) {
    if path != "-" { try InputReader.checkReadable(path) }
    inputs.withLock { $0.append(Input(source: .file(path), isNormal: isNormal)) }
  }

  /// Adds raw lines separated by newlines.
  public func add(lines: [UInt8], isNormal: Bool) {
    inputs.withLock { $0.append(Input(source: .lines(lines), isNormal: isNormal)) }
  }

  /// Adds whole sessions of events.
  public func add(sessions: [[Int32]], isNormal: Bool) {
    inputs.withLock { $0.append(Input(source: .sessions(sessions), isNormal: isNormal)) }
  }

  /// Stops a run on another thread.
  public func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// Trains a model.
  ///
  /// - Parameter progress: called on this thread; false cancels.
  public func run(progress: (Progress) -> Bool) throws(BirchlogError) -> Model {
    try run(progress) { run, inputs throws(BirchlogError) in try run.train(inputs) }
  }

  /// Finds the kinds anew from the inputs and what `base` remembers.
  public func refit(_ base: Model, progress: (Progress) -> Bool) throws(BirchlogError) -> Model {
    try run(progress) { run, inputs throws(BirchlogError) in try run.refit(base, inputs) }
  }

  /// Goes on from `base`: learns new normal behaviour and new kinds, with the old replayed beside it.
  public func update(_ base: Model, progress: (Progress) -> Bool) throws(BirchlogError) -> Model {
    try run(progress) { run, inputs throws(BirchlogError) in try run.update(base, inputs) }
  }

  private func run(
    _ progress: (Progress) -> Bool,
    _ body: (TrainingRun, [Input]) throws(BirchlogError) -> Model
  ) throws(BirchlogError) -> Model {
    isCancelled.store(false, ordering: .relaxed)
    let inputs = inputs.withLock { $0 }
    return try withoutActuallyEscaping(progress) { progress throws(BirchlogError) in
      var clock = StageClock()
      let checkpoint: TrainingCheckpoint?
      if let path = options.checkpoint {
        checkpoint = try TrainingCheckpoint(path: path)
      } else {
        checkpoint = nil
      }
      var last = Progress(.reading)
      let report = { (state: Progress) -> Bool in
        last = clock.timed(state)
        return !self.isCancelled.load(ordering: .relaxed) && progress(last)
      }
      let run = TrainingRun(
        options: options, given: given, checkpoint: checkpoint, goesOn: { report(last) },
        progress: report)
      return try body(run, inputs)
    }
  }
}
