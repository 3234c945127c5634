import Testing

@testable import Birch

@Suite struct AgglomerationTests {
  private var entries: [ClusteringFeature] {
    get throws { try referencePoints.map { try ClusteringFeature(point: $0) } }
  }

  /// SciPy's answers: pairs, heights, and labels of four clusters.
  private func reference(_ linkage: Linkage) -> ([Int], [Double], [Int]) {
    typealias Values = ReferenceValues
    switch linkage {
    case .average:
      return (Values.averagePairs, Values.averageHeights, Values.averageFourClusters)
    case .averageEuclidean:
      return (
        Values.averageEuclideanPairs, Values.averageEuclideanHeights,
        Values.averageEuclideanFourClusters
      )
    case .ward: return (Values.wardPairs, Values.wardHeights, Values.wardFourClusters)
    case .complete:
      return (Values.completePairs, Values.completeHeights, Values.completeFourClusters)
    }
  }

  @Test(arguments: Linkage.allCases)
  func theDendrogramOfPointsIsSciPys(_ linkage: Linkage) throws {
    let (pairs, heights, labels) = reference(linkage)
    var distances: [Double] = []
    for (index, point) in referencePoints.enumerated() {
      distances += referencePoints[(index + 1)...].map { squaredGap(point, $0).squareRoot() }
    }
    let weights = [Double](repeating: 1, count: referencePoints.count)
    for dendrogram in [
      try agglomerate(try entries, linkage: linkage),
      try agglomerate(distances: distances, weights: weights, linkage: linkage),
    ] {
      #expect(dendrogram.merges.flatMap { [$0.left, $0.right] } == pairs)
      #expect(zip(dendrogram.merges, heights).allSatisfy { isClose($0.height, $1) })
      #expect(dendrogram.labels(clusterCount: 4) == labels)
      #expect(dendrogram.merges.last?.weight == Double(referencePoints.count))
    }
  }

  @Test(arguments: [Linkage.average, .ward])
  func entriesMergedBeforehandGiveTheUpperPartOfTheSameDendrogram(_ linkage: Linkage) throws {
    let whole = try agglomerate(try entries, linkage: linkage)
    let labels = whole.labels(clusterCount: 12)
    var merged = [ClusteringFeature](repeating: ClusteringFeature(dimension: 3), count: 12)
    for (entry, label) in zip(try entries, labels) { merged[label].merge(entry) }
    let upper = try agglomerate(merged, linkage: linkage)
    for (one, other) in zip(whole.merges.suffix(11), upper.merges) {
      #expect(isClose(one.height, other.height))
      #expect(one.weight == other.weight)
    }
  }

  @Test(arguments: Linkage.allCases)
  func aWeightCountsAsThatManyEqualPoints(_ linkage: Linkage) throws {
    let points = referencePoints.prefix(12)
    let weighted = try points.enumerated().map {
      try ClusteringFeature(point: $0.element, weight: Double($0.offset % 3 + 1))
    }
    let repeated = try points.enumerated().flatMap { (offset, point) in
      try (0...(offset % 3)).map { _ in try ClusteringFeature(point: point) }
    }
    let one = try agglomerate(weighted, linkage: linkage)
    let other = try agglomerate(repeated, linkage: linkage)
    for (left, right) in zip(one.merges, other.merges.suffix(11)) {
      #expect(isClose(left.height, right.height))
    }
  }

  @Test(arguments: Linkage.allCases)
  func theOrderOfEntriesDoesNotMatter(_ linkage: Linkage) throws {
    var maker = PointMaker(seed: 40)
    let order = maker.shuffled(Array(0..<referencePoints.count))
    let base = try agglomerate(try entries, linkage: linkage)
    let shuffled = try agglomerate(try order.map { try entries[$0] }, linkage: linkage)
    for count in [2, 5, 11] {
      let labels = base.labels(clusterCount: count)
      #expect(
        Labels.numberedByFirstAppearance(order.map { labels[$0] })
          == shuffled.labels(clusterCount: count))
    }
  }

  @Test(arguments: Linkage.allCases, [1e3, 1e6])
  func translationChangesNoLabel(_ linkage: Linkage, offset: Double) throws {
    let moved = try referencePoints.map {
      try ClusteringFeature(point: $0.map { $0 + offset }, weight: 2)
    }
    let base = try referencePoints.map { try ClusteringFeature(point: $0, weight: 2) }
    for count in 1...10 {
      #expect(
        try agglomerate(moved, linkage: linkage).labels(clusterCount: count)
          == agglomerate(base, linkage: linkage).labels(clusterCount: count))
    }
  }

  @Test func cuttingByHeightAndByCountAgree() throws {
    let dendrogram = try agglomerate(try entries, linkage: .average)
    for count in 1...dendrogram.leafCount {
      let done = dendrogram.leafCount - count
      let height = done > 0 ? dendrogram.merges[done - 1].height : -1
      #expect(dendrogram.clusterCount(height: height) == count)
      #expect(dendrogram.labels(height: height) == dendrogram.labels(clusterCount: count))
      #expect(Set(dendrogram.labels(clusterCount: count)) == Set(0..<count))
    }
  }

  @Test(arguments: Linkage.allCases)
  func equalPointsMergeAtHeightZero(_ linkage: Linkage) throws {
    let equal = try (0..<30).map { _ in try ClusteringFeature(point: [7.1, -3]) }
    let dendrogram = try agglomerate(equal, linkage: linkage)
    #expect(dendrogram.merges.count == 29)
    #expect(dendrogram.merges.allSatisfy { $0.height == 0 })
    #expect(dendrogram.labels(height: 0) == [Int](repeating: 0, count: 30))
  }

  @Test(arguments: Linkage.allCases)
  func fewEntriesAndUnfitCountsAreDefined(_ linkage: Linkage) throws {
    let none = try agglomerate([], linkage: linkage)
    #expect(none.labels(clusterCount: 3).isEmpty)
    #expect(none.labels(height: 1).isEmpty)
    let two = try agglomerate(Array(try entries.prefix(2)), linkage: linkage)
    #expect(two.labels(clusterCount: 0) == [0, 0])
    #expect(two.labels(clusterCount: .min) == [0, 0])
    #expect(two.labels(clusterCount: .max) == [0, 1])
    #expect(try agglomerate([try entries[0]], linkage: linkage).labels(clusterCount: 1) == [0])
  }

  @Test func unfitInputIsRefused() throws {
    let mixed = [try ClusteringFeature(point: [1]), try ClusteringFeature(point: [1, 2])]
    #expect(throws: BirchError.dimensionMismatch(expected: 1, found: 2)) {
      try agglomerate(mixed, linkage: .ward)
    }
    #expect(throws: BirchError.invalidWeight(0)) {
      try agglomerate([ClusteringFeature(dimension: 1)], linkage: .ward)
    }
    #expect(throws: BirchError.lengthMismatch(what: "distances", expected: 3, found: 2)) {
      try agglomerate(distances: [1, 2], weights: [1, 1, 1], linkage: .ward)
    }
    #expect(throws: BirchError.valueOutOfRange(column: 0)) {
      try agglomerate(distances: [.nan], weights: [1, 1], linkage: .complete)
    }
    let limit = BirchLimits.pairwiseEntries
    let many = [ClusteringFeature](
      repeating: try ClusteringFeature(point: [1]), count: limit + 1)
    #expect(throws: BirchError.tooManyEntries(count: limit + 1, limit: limit)) {
      try agglomerate(many, linkage: .complete)
    }
  }
}
