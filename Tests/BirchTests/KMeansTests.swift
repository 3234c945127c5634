import Testing

@testable import Birch

@Suite struct KMeansTests {
  private func cost(_ entries: [ClusteringFeature], _ labels: [Int]) throws -> Double {
    let centroids = try Centroids(entries: entries, labels: labels)
    return zip(entries, centroids.labels).reduce(0) { sum, pair in
      sum + pair.0.count * squaredGap(pair.0.mean, centroids.features[pair.1].mean)
    }
  }

  @Test func noSingleMoveLowersTheCostOfWardsPartitionFurther() throws {
    var maker = PointMaker(seed: 31)
    let entries = try maker.points(200, dimension: 3).map { try ClusteringFeature(point: $0) }
    let ward = try agglomerate(entries, linkage: .ward).labels(clusterCount: 6)
    let labels = try kMeans(entries, clusterCount: 6, seed: 1, starts: [ward])
    #expect(try cost(entries, labels) < cost(entries, ward))
    // Every entry is in the cluster whose centroid is nearest.
    let centroids = try Centroids(entries: entries, labels: labels)
    for (entry, label) in zip(entries, centroids.labels) {
      #expect(try centroids.nearest(to: entry.mean)?.index == label)
    }
  }

  @Test func weightsCountAsThatManyEqualPoints() throws {
    let heavy = try [
      ClusteringFeature(point: [0], weight: 9), ClusteringFeature(point: [1]),
      ClusteringFeature(point: [2]),
    ]
    // 9 points at 0 hold their centre: 1 goes with 2.
    #expect(try kMeans(heavy, clusterCount: 2) == [0, 1, 1])
  }

  @Test func unfitCountsAndEqualEntriesAreDefined() throws {
    let same = try [ClusteringFeature](repeating: ClusteringFeature(point: [1, 1]), count: 5)
    #expect(Set(try kMeans(same, clusterCount: 3)).count == 1)
    #expect(try kMeans(same, clusterCount: 9) == [0, 1, 2, 3, 4])
    #expect(try kMeans(same, clusterCount: 0) == [0, 0, 0, 0, 0])
    #expect(try kMeans([], clusterCount: 3) == [])
    #expect(throws: BirchError.self) { try kMeans(same, clusterCount: 2, starts: [[0, 1]]) }
  }
}
