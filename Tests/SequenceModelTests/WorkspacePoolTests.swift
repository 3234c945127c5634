import Testing

@testable import SequenceModel

@Suite struct WorkspacePoolTests {
  private final class Room: Workspace {
    let length: Int
    let capacity: ChunkCapacity
    /// An eighth of what may rest, for each four windows.
    var floatCount: Int { (capacity.rows / 4) << 18 }

    init(_ capacity: ChunkCapacity, _ length: Int) {
      self.length = length
      self.capacity = capacity
    }
  }

  private func use(
    _ pool: WorkspacePool<Room>, workers: Int = 1, rows: Int, length: Int = 4
  ) -> [Room] {
    pool.with(
      workers: workers, capacity: ChunkCapacity(count: rows, length: length), length: length
    ) { $0 }
  }

  @Test func aWorkspaceServesLaterCallsThatFitIntoIt() {
    let pool = WorkspacePool { Room($0, $1) }
    let first = use(pool, rows: 8)
    #expect(use(pool, rows: 3)[0] === first[0])
    #expect(use(pool, rows: 9)[0] !== first[0])
    #expect(use(pool, rows: 1, length: 5)[0] !== first[0])
    #expect(pool.count == 3)
  }

  @Test func workersNeverShareOne() {
    let pool = WorkspacePool { Room($0, $1) }
    _ = use(pool, rows: 8)
    let both = use(pool, workers: 2, rows: 8)
    #expect(both[0] !== both[1])
    pool.with(workers: 1, capacity: both[0].capacity, length: 4) { outer in
      #expect(use(pool, rows: 8)[0] !== outer[0])
    }
  }

  @Test func whatRestsIsBounded() {
    let pool = WorkspacePool { Room($0, $1) }
    for _ in 0..<5 { _ = use(pool, workers: 5, rows: 8) }
    #expect(pool.count == 4)
    _ = use(pool, rows: 16)
    #expect(pool.count == 3)
    _ = use(pool, rows: 36)
    #expect(pool.count == 3)
  }

  @Test func answersDoNotDependOnWhatAWorkspaceServedBefore() throws {
    let configuration = KindClassifierConfiguration(
      vocabularySize: 5, featureSize: 3, kindCount: 4, hiddenSize: 18, attentionHeads: 2)
    let used = try KindClassifier(configuration: configuration, seed: 1)
    let base = try NextEventModel(
      configuration: NextEventConfiguration(vocabularySize: 5, hiddenSize: 18), seed: 1)
    for count in [150, 1, 40, 3, 150] {
      let given = randomExamples(count: count, length: 4, configuration, seed: UInt64(count))
      let unused = try KindClassifier(configuration: configuration, tensors: used.tensors)
      #expect(
        try used.infer(tokens: given.tokens, length: 4, features: given.features, threads: 2)
          == unused.infer(tokens: given.tokens, length: 4, features: given.features))
      let other = try NextEventModel(configuration: base.configuration, tensors: base.tensors)
      #expect(
        try base.infer(tokens: given.tokens, length: 4, threads: 2)
          == other.infer(tokens: given.tokens, length: 4))
    }
  }
}
