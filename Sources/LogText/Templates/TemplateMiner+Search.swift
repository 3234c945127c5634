extension TemplateMiner {
  /// How a skeleton compares with a template of its group.
  private struct Likeness {
    /// Constant words in common.
    var same = 0
    /// Constant words of the template that the line has not.
    var different = 0
    /// Whether the line's marks stand elsewhere, or words differ that no variable stands for.
    var isExcluded = false
  }

  /// The group of a skeleton: hashes its marks and where words stand between them, whatever the words.
  static func group(of tokens: [Skeleton.Token]) -> UInt64 {
    var state = UInt64(truncatingIfNeeded: tokens.count)
    for token in tokens { state = Skeleton.mix(state ^ (token.kind == .mark ? token.hash : 1)) }
    return state
  }

  /// The template that a skeleton fits without any change: most constant words first, then the lowest id.
  func fittingSlot(_ skeleton: [UInt8]) -> Int32? {
    let tokens = skeleton.withUnsafeBytes { Skeleton.tokens(of: $0) }
    guard let members = groups[Self.group(of: tokens)] else { return nil }
    var best: (same: Int, slot: Int32)?
    for slot in members.suffix(Self.comparisons) {
      let likeness = Self.compare(slots[Int(slot)], tokens, skeleton)
      guard likeness.different == 0, !likeness.isExcluded else { continue }
      if likeness.same > best?.same ?? -1 { best = (likeness.same, slot) }
    }
    return best?.slot
  }

  /// The slot of the template that a new skeleton joins; makes one where none is similar enough.
  mutating func assign(_ skeleton: [UInt8]) -> Int32 {
    let tokens = skeleton.withUnsafeBytes { Skeleton.tokens(of: $0) }
    let group = Self.group(of: tokens)
    var best: (similarity: Double, same: Int, slot: Int32)?
    for slot in (groups[group] ?? []).suffix(Self.comparisons) {
      let likeness = Self.compare(slots[Int(slot)], tokens, skeleton)
      let total = likeness.same + likeness.different
      let similarity = total == 0 ? 1 : Double(likeness.same) / Double(total)
      guard !likeness.isExcluded, similarity >= limits.similarity else { continue }
      if similarity > best?.similarity ?? -1
        || similarity == best?.similarity && likeness.same > best?.same ?? 0
      {
        best = (similarity, likeness.same, slot)
      }
    }
    if let best {
      generalise(best.slot, to: tokens)
      return best.slot
    }
    return insert(id: nextFreeID(), skeleton: skeleton, tokens: tokens, group: group, count: 0)
  }

  private static func compare(
    _ cluster: Cluster, _ tokens: [Skeleton.Token], _ skeleton: [UInt8]
  ) -> Likeness {
    var likeness = Likeness()
    guard cluster.tokens.count == tokens.count else {
      likeness.isExcluded = true
      return likeness
    }
    for (index, token) in tokens.enumerated() {
      let own = cluster.tokens[index]
      if own.kind == .wildcard {
        if token.kind == .mark { likeness.isExcluded = true }
        continue
      }
      if own.kind == token.kind, own.hash == token.hash {
        if own.kind != .mark { likeness.same += 1 }
        continue
      }
      likeness.different += 1
      if own.kind == .mark || token.kind == .mark
        || token.kind == .word && own.kind == .word
          && !Variability.mayVary(
            cluster.skeleton[Int(own.start)..<Int(own.end)],
            skeleton[Int(token.start)..<Int(token.end)])
      {
        likeness.isExcluded = true
      }
    }
    return likeness
  }

  /// Turns every word of a template that the line does not share into a wildcard.
  private mutating func generalise(_ slot: Int32, to tokens: [Skeleton.Token]) {
    var cluster = slots[Int(slot)]
    var skeleton: [UInt8] = []
    var copied = 0
    var isChanged = false
    for (own, token) in zip(cluster.tokens, tokens)
    where own.kind != .wildcard && own.kind != .mark
      && (token.kind != own.kind || token.hash != own.hash)
    {
      skeleton += cluster.skeleton[copied..<Int(own.start)]
      skeleton.append(Skeleton.wildcard)
      copied = Int(own.end)
      isChanged = true
    }
    guard isChanged else { return }
    skeleton += cluster.skeleton[copied...]
    templateBytes -= cluster.size
    cluster.skeleton = skeleton
    cluster.tokens = skeleton.withUnsafeBytes { Skeleton.tokens(of: $0) }
    templateBytes += cluster.size
    slots[Int(slot)] = cluster
  }

  private mutating func nextFreeID() -> Int32 {
    let id = nextID
    // Two thousand million templates later the last id is shared rather than the process stopped.
    if nextID < Int32.max { nextID += 1 }
    return id
  }

  /// Adds a template, forgetting the one unused for longest where there are too many.
  mutating func insert(
    id: Int32, skeleton: [UInt8], tokens: [Skeleton.Token], group: UInt64, count: Int
  ) -> Int32 {
    let cluster = Cluster(
      id: id, skeleton: skeleton, tokens: tokens, group: group, count: count)
    templateBytes += cluster.size
    while !slotOfID.isEmpty,
      slotOfID.count >= limits.templates || templateBytes > limits.templateBytes
    {
      evictOldest()
    }
    let slot: Int32
    if let free = freeSlots.popLast() {
      slot = free
      slots[Int(slot)] = cluster
    } else {
      slot = Int32(truncatingIfNeeded: slots.count)
      slots.append(cluster)
    }
    slotOfID[id] = slot
    groups[group, default: []].append(slot)
    link(slot)
    return slot
  }

  private mutating func evictOldest() {
    guard oldest != Self.none else { return }
    let slot = oldest
    unlink(slot)
    let cluster = slots[Int(slot)]
    slotOfID[cluster.id] = nil
    templateBytes -= cluster.size
    if let index = groups[cluster.group]?.firstIndex(of: slot) {
      groups[cluster.group]?.remove(at: index)
    }
    if groups[cluster.group]?.isEmpty == true { groups[cluster.group] = nil }
    slots[Int(slot)] = Cluster(id: 0, skeleton: [], tokens: [], group: 0, count: 0)
    freeSlots.append(slot)
    evictedTemplates += 1
  }

  /// Marks a template as the one used last.
  mutating func touch(_ slot: Int32) {
    guard slot != newest else { return }
    unlink(slot)
    link(slot)
  }

  private mutating func link(_ slot: Int32) {
    slots[Int(slot)].older = newest
    slots[Int(slot)].newer = Self.none
    if newest != Self.none { slots[Int(newest)].newer = slot } else { oldest = slot }
    newest = slot
  }

  private mutating func unlink(_ slot: Int32) {
    let (older, newer) = (slots[Int(slot)].older, slots[Int(slot)].newer)
    if older != Self.none { slots[Int(older)].newer = newer } else { oldest = newer }
    if newer != Self.none { slots[Int(newer)].older = older } else { newest = older }
  }
}
