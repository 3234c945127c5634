import Glibc

/// The mean silhouette from features alone (simplified silhouette, Hruschka et al. 2004).
///
/// An entry's distance to a cluster is the root mean square distance of its points to the cluster's
/// centroid, so spread inside entries counts. The mean is weighted by the entries' weights. One
/// cluster, no entries, and clusters of a total weight of at most 1 score 0. O(entries × clusters ×
/// dimension). Throws where lengths or dimensions differ or a label is negative.
public func simplifiedSilhouette(
  _ entries: [ClusteringFeature], labels: [Int]
) throws(BirchError) -> Double {
  let centroids = try Centroids(entries: entries, labels: labels)
  guard centroids.count > 1 else { return 0 }
  let labels = centroids.labels
  var sum = 0.0
  var total = 0.0
  for (entry, label) in zip(entries, labels) {
    total += entry.count
    guard centroids.features[label].count > 1 else { continue }
    let spread = entry.squaredDeviations / entry.count
    var other = Double.infinity
    for cluster in centroids.features.indices where cluster != label {
      other = min(other, centroids.squaredDistance(entry.mean, to: cluster))
    }
    let own = (centroids.squaredDistance(entry.mean, to: label) + spread).squareRoot()
    let next = (other + spread).squareRoot()
    let scale = max(own, next)
    if scale > 0 { sum += entry.count * (next - own) / scale }
  }
  return total > 0 ? sum / total : 0
}

/// The silhouette of every point (Rousseeuw 1987), exact, with Euclidean distances.
///
/// `points` is `[count, dimension]`. `weights` are how many equal points each row stands for, 1 unless
/// given. A point alone in its cluster scores 0, as do all points of a single cluster.
/// O(count² × dimension) time, O(clusters) memory beside the result.
public func silhouetteSamples(
  points: [Double], dimension: Int, labels: [Int], weights: [Double]? = nil
) throws(BirchError) -> [Double] {
  try FeatureCheck.dimension(dimension)
  let count = labels.count
  guard points.count % dimension == 0, points.count / dimension == count else {
    throw .lengthMismatch(what: "labels", expected: points.count / dimension, found: count)
  }
  for (index, value) in points.enumerated() where !(abs(value) <= BirchLimits.magnitude) {
    throw .valueOutOfRange(column: index % dimension)
  }
  if let weights {
    try FeatureCheck.length("weights", weights.count, count)
    for weight in weights { try FeatureCheck.weight(weight) }
  }
  let labels = Labels.numberedByFirstAppearance(labels)
  let weights = weights ?? [Double](repeating: 1, count: count)
  var clusterWeights = [Double](repeating: 0, count: (labels.max() ?? -1) + 1)
  for (label, weight) in zip(labels, weights) { clusterWeights[label] += weight }
  guard clusterWeights.count > 1 else { return [Double](repeating: 0, count: count) }

  return points.withUnsafeBufferPointer { rows in
    guard let base = rows.baseAddress else { return [] }
    var sums = [Double](repeating: 0, count: clusterWeights.count)
    return labels.indices.map { index in
      let label = labels[index]
      guard clusterWeights[label] > 1 else { return 0 }
      for cluster in sums.indices { sums[cluster] = 0 }
      for other in labels.indices where other != index {
        let gap = VectorArithmetic.squaredDistance(
          base + index * dimension, base + other * dimension, dimension)
        sums[labels[other]] += weights[other] * gap.squareRoot()
      }
      let own = sums[label] / (clusterWeights[label] - 1)
      var next = Double.infinity
      for cluster in sums.indices where cluster != label {
        next = min(next, sums[cluster] / clusterWeights[cluster])
      }
      let scale = max(own, next)
      return scale > 0 ? (next - own) / scale : 0
    }
  }
}

/// The mean silhouette of the points, or of a random sample of at most `sampleLimit` of them.
///
/// The sample is drawn without replacement from `seed`; distances are then those inside the sample.
/// 0 for one cluster and for no points. See `silhouetteSamples` for the shapes and errors.
public func silhouette(
  points: [Double], dimension: Int, labels: [Int], sampleLimit: Int = 5000, seed: UInt64 = 0
) throws(BirchError) -> Double {
  try FeatureCheck.dimension(dimension)
  guard sampleLimit > 0 else {
    throw .invalidOption(name: "sampleLimit", reason: "must be at least 1")
  }
  guard points.count % dimension == 0, points.count / dimension == labels.count else {
    throw .lengthMismatch(what: "labels", expected: points.count / dimension, found: labels.count)
  }
  var points = points
  var labels = labels
  if labels.count > sampleLimit {
    var generator = SeededGenerator(seed: seed)
    let chosen = generator.sample(sampleLimit, of: labels.count)
    points = chosen.flatMap { points[($0 * dimension)..<(($0 + 1) * dimension)] }
    labels = chosen.map { labels[$0] }
  }
  let samples = try silhouetteSamples(points: points, dimension: dimension, labels: labels)
  return samples.isEmpty ? 0 : samples.reduce(0, +) / Double(samples.count)
}
