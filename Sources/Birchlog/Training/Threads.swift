import SequenceModel

/// How many threads a training may use, and work on many items by several.
enum Threads {
  /// The processors that the process may run on, 64 at most.
  static var available: Int { min(availableProcessors, 64) }

  /// Items that are worth a thread of their own.
  private static let grain = 64

  /// What `body` makes of each index below `count`, in order. Each of up to `threads` threads, the calling one among
  /// them, takes one run of indices.
  static func map<Output: Sendable>(
    _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Output
  ) -> [Output] {
    let parts = max(1, min(threads, count / grain))
    guard parts > 1 else { return (0..<count).map(body) }
    let others = (1..<parts).map { part in
      let output = WorkerOutput<[Output]>([])
      let indices = (count * part / parts)..<(count * (part + 1) / parts)
      return (worker: Worker { output.value = indices.map(body) }, output: output)
    }
    var result = (0..<(count / parts)).map(body)
    result.reserveCapacity(count)
    for other in others {
      other.worker.wait()
      result += other.output.value
    }
    return result
  }
}
