/// Work on parts side by side, its results taken in order.
enum Pipeline {
  /// Reads parts, works on them on up to `threads` threads, and takes the results in the order of the parts.
  ///
  /// The calling thread reads ahead while others work; with one thread it does everything.
  static func run<Output: Sendable>(
    threads: Int, next: () throws(BirchlogError) -> LinePart?,
    work: @escaping @Sendable (LinePart) -> Output,
    take: (Output) throws(BirchlogError) -> Void
  ) throws(BirchlogError) {
    guard threads > 1 else {
      while let part = try next() { try take(work(part)) }
      return
    }
    var running: [(worker: Worker, output: WorkerOutput<Output?>)] = []
    defer { for one in running { one.worker.wait() } }
    while let part = try next() {
      if running.count == threads {
        let first = running.removeFirst()
        first.worker.wait()
        if let output = first.output.value { try take(output) }
      }
      let output = WorkerOutput<Output?>(nil)
      running.append((Worker { output.value = work(part) }, output))
    }
    while !running.isEmpty {
      let first = running.removeFirst()
      first.worker.wait()
      if let output = first.output.value { try take(output) }
    }
  }
}
