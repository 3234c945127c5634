import Testing

@testable import Birch

@Suite struct ClusteringBytesTests {
  private func clustering() throws -> Clustering {
    var maker = PointMaker(seed: 51)
    let points = maker.points(40, dimension: 2, spread: 0.2)
    let moved = points.map { [$0[0] + 9, $0[1]] } + points
    let first = try tree(of: points) { $0.threshold = 0.1 }.clusters()
    var options = ClusteringOptions()
    options.selection = .count(2)
    return try tree(of: moved) { $0.threshold = 0.1 }.clusters(options, continuing: first)
  }

  @Test func aRestoredClusteringIsTheSame() throws {
    let made = try clustering()
    let restored = try Clustering(serialised: made.serialised())
    #expect(restored.serialised() == made.serialised())
    #expect(restored.clusters == made.clusters)
    #expect(restored.labels == made.labels)
    #expect(restored.entries == made.entries)
    #expect(restored.curve == made.curve)
    #expect(restored.lineage == made.lineage)
    #expect(restored.lineage.born.count + restored.lineage.kept.count > 0)
    let empty = try CFTree(dimension: 2).clusters()
    #expect(try Clustering(serialised: empty.serialised()).clusters.isEmpty)
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = try clustering().serialised()
    for length in 0..<bytes.count {
      #expect(throws: BirchError.self) { try Clustering(serialised: Array(bytes[..<length])) }
    }
    #expect(throws: BirchError.self) { try Clustering(serialised: bytes + [0]) }
  }

  @Test func changedBytesGiveAnErrorOrUsableClusters() throws {
    let bytes = try clustering().serialised()
    var generator = SeededGenerator(seed: 52)
    for _ in 0..<1500 {
      var changed = bytes
      for _ in 0..<3 {
        let place = Int(generator.next() % UInt64(bytes.count))
        changed[place] = UInt8(truncatingIfNeeded: generator.next())
      }
      guard let restored = try? Clustering(serialised: changed) else { continue }
      let point = [Double](repeating: 0, count: restored.dimension)
      try point.withUnsafeBufferPointer { buffer in
        for search in Clustering.Search.allCases {
          try restored.predict(buffer, search: search, limit: .automatic) { _, cluster, _ in
            #expect(cluster >= -1 && cluster < restored.clusters.count)
          }
        }
      }
    }
  }
}
