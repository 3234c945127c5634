extension TemplateMiner {
  /// Pairs of places times templates that are looked at when two words differ at once.
  private static let pairEffort = 1 << 21

  /// The template that an event's lines belong to now: templates that turn out to be one are merged
  /// into the first of them.
  ///
  /// - Complexity: the number of merges on the way.
  public func finalID(of id: Int32) -> Int32 {
    var id = id
    while let next = mergedEvents[id] { id = next }
    return id
  }

  /// Merges what all lines together show to be one template; to be called when no more lines come.
  public mutating func finish() {
    for group in groups.keys.sorted() { merge(group: group) }
  }

  /// Merges templates of a group that differ at places which hold values.
  mutating func merge(group: UInt64) {
    guard let members = groups[group]?.members, members.count > 1, let first = members.first else {
      return
    }
    let tokens = slots[Int(first)].tokens
    let places = tokens.indices.filter { tokens[$0].kind != .mark }
    var equal = EqualKeys()
    var shares = WordShares(members, of: slots, places: places, &equal)
    var isChanged = true
    while isChanged, shares.slots.count > 1 {
      isChanged = false
      for (row, place) in places.enumerated() {
        let found = equal.groups(of: shares.keys(without: row))
        if mergeEqual(&shares, found, without: [place]) { isChanged = true }
      }
      guard !isChanged, shares.slots.count > 1,
        places.count * places.count / 2 * (shares.slots.count + shares.unlike)
          <= Self.pairEffort
      else { continue }
      for (row, place) in places.enumerated() {
        for other in places.indices[(row + 1)...] {
          let found = equal.groups(of: shares.keys(without: row, other))
          if mergeEqual(&shares, found, without: [place, places[other]]) { isChanged = true }
        }
      }
    }
    groups[group]?.nextMerge = max(
      TemplateGroup.firstMerge, 2 * (shares.slots.count + shares.unlike))
  }

  /// Merges templates that are equal but for one or two places where evidence speaks for values; whether any were.
  ///
  /// - Parameter equal: their indices, in the order of their first, so that the same lines give the same templates.
  private mutating func mergeEqual(
    _ shares: inout WordShares, _ equal: [[Int]], without places: [Int]
  ) -> Bool {
    var gone: Set<Int32> = []
    for indices in equal {
      let bucket = indices.map { shares.slots[$0] }
      guard places.allSatisfy({ isVariable($0, in: bucket, with: places.count) }) else { continue }
      let joined = join(bucket, at: places)
      guard !joined.isEmpty else { continue }
      gone.formUnion(joined)
      for index in indices where !gone.contains(shares.slots[index]) {
        shares.update(index, slots[Int(shares.slots[index])])
      }
    }
    guard !gone.isEmpty else { return false }
    shares.remove(gone)
    return true
  }

  /// Whether the words of templates at a place are values; the templates are equal but for `open` places.
  private func isVariable(_ place: Int, in bucket: [Int32], with open: Int) -> Bool {
    var seen: Set<UInt64> = []
    var values: [(kind: Skeleton.Kind, bytes: ArraySlice<UInt8>)] = []
    for slot in bucket {
      let cluster = slots[Int(slot)]
      let token = cluster.tokens[place]
      guard values.count < SlotEvidence.states || token.kind == .wildcard,
        seen.insert(token.hash).inserted
      else { continue }
      values.append((token.kind, cluster.skeleton[Int(token.start)..<Int(token.end)]))
    }
    let cluster = slots[Int(bucket[0])]
    let constants = cluster.tokens.count { $0.kind == .word || $0.kind == .prefixed }
    let before = cluster.tokens[max(0, place - 3)..<place].map {
      cluster.skeleton[Int($0.start)..<Int($0.end)]
    }
    let after = cluster.tokens.dropFirst(place + 1).first.map {
      cluster.skeleton[Int($0.start)..<Int($0.end)]
    }
    let needed = SlotEvidence.needed(
      values, before: before, after: after, constants: max(0, constants - open))
    return values.count >= needed
  }

  /// Makes one template of several, with wildcards at some places; returns the slots that are free now.
  private mutating func join(_ bucket: [Int32], at places: [Int]) -> [Int32] {
    guard let survivor = bucket.min(by: { slots[Int($0)].id < slots[Int($1)].id }) else {
      return []
    }
    let others = bucket.filter { $0 != survivor }
    guard mergedEvents.count + others.count <= Self.mostMerged else { return [] }
    let cluster = slots[Int(survivor)]
    var skeleton: [UInt8] = []
    var copied = 0
    for place in places {
      let token = cluster.tokens[place]
      skeleton += cluster.skeleton[copied..<Int(token.start)]
      skeleton.append(Skeleton.wildcard)
      copied = Int(token.end)
    }
    skeleton += cluster.skeleton[copied...]
    var count = uses[Int(survivor)].count
    for slot in others {
      count += uses[Int(slot)].count
      mergedEvents[slots[Int(slot)].id] = cluster.id
      remove(slot)
    }
    replace(survivor, skeleton: skeleton, count: count)
    return others
  }
}
