import Testing

@testable import Birch

@Suite struct ClusteringTests {
  /// Groups of 60 points each around corners 10 apart.
  private func corners(_ count: Int, dimension: Int = 6, seed: UInt64 = 1) -> [[Double]] {
    var maker = PointMaker(seed: seed)
    return (0..<count).flatMap { corner in
      maker.points(60, dimension: dimension, spread: 0.3).map { point in
        var point = point
        point[corner % dimension] += corner < dimension ? 10 : -10
        return point
      }
    }
  }

  /// The cluster of every point.
  private func predict(
    _ clustering: Clustering, _ points: [[Double]], search: Clustering.Search = .exact,
    limit: Clustering.Limit = .none
  ) throws -> [Int] {
    var labels = [Int](repeating: -2, count: points.count)
    try points.flatMap { $0 }.withUnsafeBufferPointer { buffer in
      try clustering.predict(buffer, search: search, limit: limit) { point, cluster, _ in
        labels[point] = cluster
      }
    }
    return labels
  }

  private let truth = (0..<8).flatMap { [Int](repeating: $0, count: 60) }

  @Test(arguments: ClusteringOptions.Method.allCases)
  func everyMethodFindsSeparateGroups(_ method: ClusteringOptions.Method) throws {
    let points = corners(8)
    let grown = try tree(of: points) { $0.threshold = 0.3 }
    #expect(grown.leafEntries.count > 40)
    let selections: [ClusteringOptions.Selection] = [.automatic, .count(8), .distance(6)]
    for selection in selections {
      var options = ClusteringOptions()
      options.method = method
      options.selection = selection
      let clustering = try grown.clusters(options)
      #expect(clustering.clusters.count == 8)
      #expect(clustering.clusters.allSatisfy { $0.feature.count == 60 })
      #expect(Labels.adjustedRandIndex(try predict(clustering, points), truth) == 1)
      #expect(try predict(clustering, points, search: .descent) == predict(clustering, points))
      #expect(clustering.curve.map(\.clusterCount).prefix(40) == (1...40).map { $0 }[...])
    }
  }

  /// Ward's linkage of two heavy entries 1 apart and a light one farther on: what is joined first?
  @Test(
    arguments: zip(
      [2.5, 2.5, 2.5, 3.2, 3.2, 3.2],
      [ClusteringOptions.EntryWeights.count, .log, .one, .count, .log, .one]))
  func entriesCountAsAsked(_ third: Double, _ weights: ClusteringOptions.EntryWeights) throws {
    var options = CFTreeOptions()
    options.threshold = 0
    var tree = try CFTree(dimension: 1, options: options)
    for (point, weight) in [(0.0, 100.0), (1, 100), (third, 1)] {
      try tree.insert([point], weight: weight)
    }
    tree.finish()
    // Joining the heavy two costs 50, 2.3 by logarithms, 0.5 if all are equal; joining the other two
    // 2.2 or 4.8, 1.4 or 2.9, 1.1 or 2.4.
    let lightIsJoined = weights == .count || (weights == .log && third == 2.5)
    for method in [ClusteringOptions.Method.ward, .kMeans] {
      var options = ClusteringOptions()
      options.method = method
      options.selection = .count(2)
      options.entryWeights = weights
      let clustering = try tree.clusters(options)
      let labels = try predict(clustering, [[0], [1], [third]])
      #expect((labels[1] == labels[2]) == lightIsJoined)
      // What a cluster holds is counted in points whatever entries count.
      #expect(clustering.clusters.map(\.feature.count) == (lightIsJoined ? [101, 100] : [200, 1]))
    }
  }

  @Test func condensedEntriesGiveTheSameGroupsAndLoseNothing() throws {
    let points = corners(8)
    let grown = try tree(of: points) { $0.threshold = 0 }
    #expect(grown.leafEntries.count == 480)
    for method in ClusteringOptions.Method.allCases {
      var options = ClusteringOptions()
      options.method = method
      options.entryLimit = 50
      options.selection = .count(8)
      let clustering = try grown.clusters(options)
      #expect(clustering.condensedCount <= 50)
      #expect(clustering.condensedCount >= 8)
      #expect(Labels.adjustedRandIndex(try predict(clustering, points), truth) == 1)
    }
    let condensation = try Condensation(
      grown.leafEntries, limit: 50, threshold: 0, options: grown.options)
    var sums = [ClusteringFeature](
      repeating: ClusteringFeature(dimension: 6), count: condensation.features.count)
    for (entry, group) in zip(grown.leafEntries, condensation.group) { sums[group].merge(entry) }
    for (one, other) in zip(sums, condensation.features) { #expect(isClose(one, other)) }
  }

  @Test func aSmallGroupFarAwaySurvivesCondensation() throws {
    var maker = PointMaker(seed: 3)
    let points = maker.points(2000, dimension: 8) + [[Double](repeating: 20, count: 8)]
    let grown = try tree(of: points) { $0.threshold = 0 }
    let condensation = try Condensation(
      grown.leafEntries, limit: 40, threshold: 0, options: grown.options)
    #expect(condensation.features.contains { $0.count == 1 && $0.mean[0] == 20 })
  }

  @Test func degenerateInputIsDefined() throws {
    let empty = try CFTree(dimension: 3).clusters()
    #expect(empty.clusters.isEmpty && empty.curve.isEmpty)
    #expect(try predict(empty, [[1, 2, 3]]) == [-1])

    for points in [[[1.0, 2, 3]], [[Double]](repeating: [4, 5, 6], count: 500)] {
      for method in ClusteringOptions.Method.allCases {
        for selection in [ClusteringOptions.Selection.automatic, .count(7), .distance(0)] {
          var options = ClusteringOptions()
          options.method = method
          options.selection = selection
          let clustering = try tree(of: points).clusters(options)
          #expect(clustering.clusters.count == 1)
          #expect(clustering.clusters[0].feature.count == Double(points.count))
          #expect(clustering.clusters[0].feature.radius == 0)
          #expect(try predict(clustering, points) == [Int](repeating: 0, count: points.count))
          #expect(try predict(clustering, [points[0].map { $0 + 1 }], limit: .automatic) == [-1])
        }
      }
    }
    var options = ClusteringOptions()
    options.selection = .count(99)
    let two = try tree(of: [[0], [5], [5]]).clusters(options)
    #expect(two.clusters.map(\.feature.count) == [2, 1])
  }

  @Test func pointsNearNoClusterHaveNone() throws {
    let points = corners(8)
    let clustering = try tree(of: points).clusters()
    let far = [[5.0, 5, 5, 0, 0, 0], [0, 0, 0, 0, 0, 0]]
    #expect(try predict(clustering, far, limit: .automatic) == [-1, -1])
    #expect(try !predict(clustering, points, limit: .automatic).contains(-1))
    #expect(try predict(clustering, far, limit: .distance(0.1)) == [-1, -1])
    #expect(try !predict(clustering, far).contains(-1))
    #expect(throws: BirchError.self) { try predict(clustering, far, limit: .distance(-1)) }
    #expect(throws: BirchError.self) { try predict(clustering, [[.nan, 0, 0, 0, 0, 0]]) }
    #expect(throws: BirchError.self) { try predict(clustering, [[1, 2]]) }
  }

  @Test func theDescentNearlyAlwaysFindsTheNearestEntry() throws {
    var maker = PointMaker(seed: 6)
    let centres = maker.points(100, dimension: 40)
    let points = (0..<4000).map { index in
      zip(centres[index % 100], maker.points(1, dimension: 40, spread: 0.2)[0]).map { $0 + $1 }
    }
    var options = ClusteringOptions()
    options.selection = .count(20)
    options.shuffles = 0
    options.largestCount = 1
    let clustering = try tree(of: points) { $0.threshold = 0 }.clusters(options)
    #expect(clustering.entries.count == 4000)
    let asked = points.prefix(500).map { $0.map { $0 + 0.1 * maker.normal() } }
    var exact: [Double] = []
    var near: [Double] = []
    try asked.flatMap { $0 }.withUnsafeBufferPointer { buffer in
      try clustering.predict(buffer) { _, _, distance in exact.append(distance) }
      try clustering.predict(buffer, search: .descent) { _, _, distance in near.append(distance) }
    }
    #expect(zip(exact, near).allSatisfy { $0 <= $1 })
    #expect(zip(exact, near).count { $0 == $1 } >= 495)
  }

  @Test func unfitOptionsAreRefused() throws {
    let grown = try tree(of: corners(2))
    func refuses(_ change: (inout ClusteringOptions) -> Void) -> Bool {
      var options = ClusteringOptions()
      change(&options)
      do {
        _ = try grown.clusters(options)
        return false
      } catch {
        return true
      }
    }
    #expect(refuses { $0.entryLimit = 1 })
    #expect(refuses { $0.selection = .count(0) })
    #expect(refuses { $0.selection = .distance(-1) })
    #expect(refuses { $0.selection = .distance(.nan) })
    #expect(refuses { $0.largestCount = 0 })
    #expect(refuses { $0.shuffles = -1 })
    #expect(
      refuses {
        $0.method = .complete
        $0.entryLimit = 20_000
      })
    #expect(!refuses { _ in })
  }

  @Test func translationChangesNoLabelAndNoRadius() throws {
    let points = corners(8)
    let plain = try tree(of: points).clusters()
    let labels = try predict(plain, points)
    for offset in [1e3, 1e6] {
      let moved = points.map { $0.map { $0 + offset } }
      let clustering = try tree(of: moved).clusters()
      #expect(try predict(clustering, moved) == labels)
      for (one, other) in zip(plain.clusters, clustering.clusters) {
        #expect(isClose(one.feature.radius, other.feature.radius, relative: 1e-6))
      }
    }
  }

  @Test func theSameInputGivesTheSameClusters() throws {
    let points = corners(8)
    for method in ClusteringOptions.Method.allCases {
      var options = ClusteringOptions()
      options.method = method
      let first = try tree(of: points).clusters(options)
      let second = try tree(of: points).clusters(options)
      #expect(first.labels == second.labels)
      #expect(first.clusters == second.clusters)
      #expect(first.curve == second.curve)
    }
  }

  @Test func evidenceKeepsOrJoinsGroups() throws {
    let grown = try tree(of: corners(8))
    #expect(try grown.clusters().clusters.count == 8)
    // Says that nothing tells small groups apart: what holds fewer than 200 points is to be joined.
    let joined = try grown.clusters(evidence: { min($0.count, $1.count) < 100 ? 0 : 1 })
    #expect(joined.clusters.count < 8)
    let point = try #require(joined.curve.first { $0.clusterCount == 8 })
    #expect(point.evidence == 0)
    #expect(joined.curve.first?.evidence == nil)
  }

  @Test func identitiesSurviveARefit() throws {
    let points = corners(4, dimension: 4)
    let first = try tree(of: points).clusters()
    #expect(first.clusters.map(\.id) == [0, 1, 2, 3])
    // The first corner is gone, a new one has come, the heaviest is another one.
    var maker = PointMaker(seed: 9)
    let fresh = maker.points(70, dimension: 4, centre: -8, spread: 0.3)
    let later = Array(points[60...]) + fresh
    let second = try tree(of: later).clusters(continuing: first)
    let kept = try predict(first, Array(points[60...]))
    let now = try predict(second, Array(points[60...]))
    #expect(now.map { second.clusters[$0].id } == kept.map { first.clusters[$0].id })
    let gone = try predict(first, [points[0]])[0]
    #expect(second.lineage.retired == [first.clusters[gone].id])
    #expect(second.lineage.born == [4])
    #expect(
      second.clusters.map(\.id).sorted() == (Set([0, 1, 2, 3, 4]).subtracting([gone])).sorted())
    // A number once given is never given to another one.
    let third = try tree(of: points).clusters(continuing: second)
    #expect(third.lineage.retired == [4])
    #expect(third.lineage.born == [5])
  }

  @Test func shardsMergedInAnyOrderGiveTheClustersOfOnePass() throws {
    var maker = PointMaker(seed: 10)
    let points = corners(8)
    let one = try predict(try tree(of: points).clusters(), points)
    for _ in 0..<4 {
      let dealt = maker.shuffled(points)
      var shards = try (0..<8).map { shard in
        try tree(of: Array(dealt[(shard * 60)..<(shard * 60 + 60)]))
      }
      shards = maker.shuffled(shards)
      var merged = shards[0]
      for shard in shards[1...] { try merged.merge(shard) }
      merged.finish()
      #expect(Labels.adjustedRandIndex(try predict(try merged.clusters(), points), one) == 1)
    }
  }
}
