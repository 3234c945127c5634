import SequenceModel

/// How many threads a training may use.
enum Threads {
  /// The processors that the process may run on, 64 at most.
  static var available: Int { min(availableProcessors, 64) }
}
