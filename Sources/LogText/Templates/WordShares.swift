import SIMDKernels

/// What the words at each place add to the sums of some templates of a group.
///
/// The shares at one place lie side by side, for all templates are compared without a place before the next one is looked at.
struct WordShares {
  /// The templates that may equal another one but for two words at most.
  private(set) var slots: [Int32]
  /// Templates of the group that equal no other.
  let unlike: Int
  /// Where words stand.
  private let places: [Int]
  /// Over all tokens of each template.
  private var sums: [UInt64]
  /// Templates by templates for one place after the other.
  private var shares: [UInt64]
  /// Room for what ``keys(without:_:)`` gives.
  private var keys: [UInt64]

  init(
    _ members: [Int32], of clusters: [TemplateMiner.Cluster], places: [Int],
    _ equal: inout EqualKeys
  ) {
    slots = Self.alike(members, clusters, places, &equal)
    unlike = members.count - slots.count
    self.places = places
    sums = slots.map { clusters[Int($0)].sum }
    keys = sums
    shares = [UInt64](repeating: 0, count: places.count * slots.count)
    for (index, slot) in slots.enumerated() { update(index, clusters[Int(slot)]) }
  }

  /// The templates without those that have words of their own at three places or more.
  ///
  /// A word that no other template has stays so while others are merged, for merging makes nothing but wildcards.
  private static func alike(
    _ members: [Int32], _ clusters: [TemplateMiner.Cluster], _ places: [Int],
    _ equal: inout EqualKeys
  ) -> [Int32] {
    var alike = members
    var ownWords = [UInt8](repeating: 0, count: members.count)
    var hashes: [UInt64] = []
    hashes.reserveCapacity(members.count)
    for place in byVariety(places, members, clusters) where alike.count > 1 {
      hashes.removeAll(keepingCapacity: true)
      for (index, slot) in alike.enumerated() {
        if index + 16 < alike.count { prefetch(clusters[Int(alike[index + 16])], place) }
        hashes.append(clusters[Int(slot)].tokens[place].hash)
      }
      if hashes.allSatisfy({ $0 == hashes[0] }) { continue }
      let isShared = equal.areRepeated(hashes)
      var kept = 0
      for (index, slot) in alike.enumerated() {
        var own = ownWords[index]
        if !isShared[index], clusters[Int(slot)].tokens[place].kind != .wildcard { own += 1 }
        guard own < 3 else { continue }
        (alike[kept], ownWords[kept]) = (slot, own)
        kept += 1
      }
      alike.removeLast(alike.count - kept)
    }
    return alike
  }

  /// The places with the most different words first, by a sample of the templates.
  private static func byVariety(
    _ places: [Int], _ members: [Int32], _ clusters: [TemplateMiner.Cluster]
  ) -> [Int] {
    guard members.count >= 64 else { return places }
    let step = members.count / 32
    let sample = stride(from: 0, to: members.count, by: step).map { Int(members[$0]) }
    let counted = places.map { place in
      (place, Set(sample.map { clusters[$0].tokens[place].hash }).count)
    }
    return counted.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.0)
  }

  /// Asks for a token: those of many thousand templates lie in no cache.
  @inline(__always)
  private static func prefetch(_ cluster: TemplateMiner.Cluster, _ place: Int) {
    cluster.tokens.withUnsafeBufferPointer {
      simd_prefetch($0.baseAddress.unsafelyUnwrapped + place)
    }
  }

  /// Reads a template anew.
  mutating func update(_ index: Int, _ cluster: TemplateMiner.Cluster) {
    sums[index] = cluster.sum
    for (row, place) in places.enumerated() {
      shares[row * slots.count + index] = Skeleton.share(cluster.tokens[place], at: place)
    }
  }

  /// The sums without the words at one place, by its number, and perhaps at another.
  mutating func keys(without row: Int, _ other: Int? = nil) -> [UInt64] {
    let count = slots.count
    keys.withUnsafeMutableBufferPointer { keys in
      for index in 0..<count { keys[index] = sums[index] &- shares[row * count + index] }
      guard let other else { return }
      for index in 0..<count { keys[index] &-= shares[other * count + index] }
    }
    return keys
  }

  /// Takes templates out.
  mutating func remove(_ gone: Set<Int32>) {
    let count = slots.count
    let kept = slots.indices.filter { !gone.contains(slots[$0]) }
    for row in places.indices {
      for (target, index) in kept.enumerated() {
        shares[row * kept.count + target] = shares[row * count + index]
      }
    }
    shares.removeLast(places.count * (count - kept.count))
    keys.removeLast(count - kept.count)
    sums = kept.map { sums[$0] }
    slots = kept.map { slots[$0] }
  }
}
