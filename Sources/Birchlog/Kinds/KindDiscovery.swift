import Birch

/// Stage 3: groups the signatures of distinct units into kinds.
///
/// Units under the threshold are one kind, `k0`, normal behaviour. Those above go through a CF
/// tree; its leaf entries are joined by average linkage as long as they are alike or no event tells
/// them apart; that gives the kinds `k1`, `k2`, … by size. With the paper's rule all units are clustered alike and the largest kind is read as
/// normal.
struct KindDiscovery {
  let options: Options
  let space: SignatureSpace
  let vocabulary: Vocabulary
  /// How often events come in normal units.
  let normalCounts: CountProfile
  /// What operators demand of the groups.
  var constraints: KindConstraints?

  struct Found {
    var kinds: [Kind] = []
    var record = ClusteringRecord()
    var warnings: [String] = []
  }

  /// Kinds of fewer units than this are candidates: they may be chance.
  static let candidateSize = 3

  /// Finds the kinds and writes each member's kind into it.
  mutating func discover(_ members: inout [KindFit.Member]) throws(BirchlogError) -> Found {
    var found = Found()
    let clustered = members.indices.filter {
      options.largestKindIsNormal || members[$0].isAnomalous
    }
    let normal =
      options.largestKindIsNormal ? [] : members.indices.filter { !members[$0].isAnomalous }
    if case .exactly(let count) = options.kinds, count > max(clustered.count, 1) {
      found.warnings.append(
        "\(count) kinds were asked for, but there are only \(clustered.count) different units to group."
      )
    }
    var groups: [[Int]] = normal.isEmpty && !options.largestKindIsNormal ? [] : [Array(normal)]
    if options.largestKindIsNormal { groups = [] }
    if !clustered.isEmpty {
      var labels = try cluster(
        clustered.map { members[$0] }, besides: normal.isEmpty ? 0 : 1, record: &found.record)
      if let constraints {
        labels = constraints.apply(to: labels, of: clustered.map { members[$0] })
      }
      var anomalous = [[Int]](repeating: [], count: (labels.max() ?? 0) + 1)
      for (index, label) in zip(clustered, labels) { anomalous[label].append(index) }
      groups += anomalous.filter { !$0.isEmpty }.sorted { left, right in
        let (a, b) = (size(left, members), size(right, members))
        return a != b ? a > b : left[0] < right[0]
      }
    }
    let firstNumber = normal.isEmpty && !options.largestKindIsNormal ? 1 : 0
    let total = members.reduce(0) { $0 + $1.input.count }
    for (index, group) in groups.enumerated() {
      for member in group { members[member].kind = index }
      let isNormal = firstNumber == 0 && index == 0
      found.kinds.append(
        KindBuilder(space: space, vocabulary: vocabulary).kind(
          group.map { members[$0] }, id: "k\(firstNumber + index)", isNormal: isNormal,
          total: total,
          candidateSize: Self.candidateSize))
    }
    found.record.chosen = clustered.isEmpty ? 0 : groups.count - (normal.isEmpty ? 0 : 1)
    try measureSilhouette(members, clustered: clustered, found: &found)
    return found
  }

  private func size(_ group: [Int], _ members: [KindFit.Member]) -> Int {
    group.reduce(0) { $0 + members[$1].input.count }
  }

  /// The paper counts every window.
  private func weight(_ member: KindFit.Member) -> Double {
    options.largestKindIsNormal ? Double(max(member.input.count, 1)) : member.weight
  }

  /// Labels of the members, by CF tree, linkage and cut.
  func cluster(
    _ members: [KindFit.Member], besides others: Int, record: inout ClusteringRecord
  ) throws(BirchlogError) -> [Int] {
    do {
      var tree = try CFTree(dimension: space.dimension, options: treeOptions)
      let points = members.map { $0.signature.map(Double.init) }
      for (member, point) in zip(members, points) { try tree.insert(point, weight: weight(member)) }
      tree.finish()
      let entries = tree.leafEntries + tree.candidates
      record.leafEntries = entries.count
      let centroids = try Centroids(entries: entries, labels: Array(entries.indices))
      var nearest: [Int] = []
      for point in points { nearest.append(try centroids.nearest(to: point)?.index ?? 0) }
      let dendrogram = try agglomerate(entries, linkage: linkage)
      let choice = try KindCount.choose(
        dendrogram, entries: entries,
        groups: groups(members, entries: nearest, count: entries.count), options: options,
        besides: others)
      record.curve = choice.curve
      return nearest.map { choice.labels[$0] }
    } catch {
      throw .init(error)
    }
  }

  /// What the members at each leaf entry show.
  private func groups(
    _ members: [KindFit.Member], entries: [Int], count: Int
  ) -> [TellTales.Group] {
    let tales = TellTales(
      members.map { (unit: $0.input.unit, weight: $0.weight) }, normal: normalCounts,
      vocabulary: vocabulary)
    var groups = [TellTales.Group](repeating: .init(), count: count)
    for (index, entry) in entries.enumerated() {
      groups[entry].add(tales.ofUnits[index], weight: tales.weights[index])
    }
    return groups
  }

  /// The printed recipe clusters leaf entries by Ward's criterion, as scikit-learn's Birch does.
  private var linkage: Linkage { options.largestKindIsNormal ? .ward : .average }

  /// Leaf entries, roughly, that the tree may hold: what follows takes time quadratic in them.
  private static let entryLimit = 6_000

  private var treeOptions: CFTreeOptions {
    var tree = options.largestKindIsNormal ? CFTreeOptions.plain : CFTreeOptions()
    tree.memoryBudget = Self.entryLimit * (space.dimension + 16) * MemoryLayout<Double>.size
    tree.branchingFactor = options.branching
    tree.leafCapacity = options.branching
    tree.threshold = options.clusterThreshold
    tree.distance = ClusterDistance(rawValue: options.distance) ?? .d2
    return tree
  }

  /// The mean silhouette over distinct units, of all kinds and of each.
  func measureSilhouette(
    _ members: [KindFit.Member], clustered: [Int], found: inout Found
  ) throws(BirchlogError) {
    guard clustered.count > 1 else { return }
    // All pairs are looked at: a sample spread evenly keeps that affordable.
    let step = (clustered.count + Self.silhouetteSample - 1) / Self.silhouetteSample
    let sample = stride(from: 0, to: clustered.count, by: step).map { clustered[$0] }
    let labels = sample.map { members[$0].kind }
    let dense = Dictionary(uniqueKeysWithValues: Set(labels).sorted().enumerated().map { ($1, $0) })
    let values: [Double]
    do {
      values = try silhouetteSamples(
        points: sample.flatMap { members[$0].signature.map(Double.init) },
        dimension: space.dimension,
        labels: labels.map { dense[$0] ?? 0 })
    } catch {
      throw .init(error)
    }
    found.record.silhouette = values.reduce(0, +) / Double(values.count)
    for index in found.kinds.indices {
      let own = zip(labels, values).filter { $0.0 == index }.map(\.1)
      if !own.isEmpty { found.kinds[index].silhouette = own.reduce(0, +) / Double(own.count) }
    }
  }

  private static let silhouetteSample = 3_000
}
