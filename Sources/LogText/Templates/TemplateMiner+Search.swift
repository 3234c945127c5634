extension TemplateMiner {
  /// The template that a skeleton fits: of the earliest generation the one with the most constant words,
  /// then with the lowest id.
  func fittingSlot(_ skeleton: UnsafeRawBufferPointer) -> Int32? {
    let tokens = Skeleton.tokens(of: skeleton)
    return fittingSlot(tokens, group: Skeleton.group(of: tokens), skeleton: skeleton)
  }

  private func fittingSlot(
    _ tokens: [Skeleton.Token], group: UInt64, skeleton: UnsafeRawBufferPointer
  )
    -> Int32?
  {
    guard let patterns = groups[group]?.patterns else { return nil }
    let sum = Skeleton.sum(tokens)
    var best: Int32?
    var width = 0
    for pattern in patterns.prefix(TemplateGroup.triedPatterns * (generations.count + 1)) {
      // Among more wildcards there can only be something better in an earlier generation.
      if let best, pattern.places.count > width, generation(of: best) == 0 { break }
      var key = sum
      for place in pattern.places {
        key &-= Skeleton.share(tokens[Int(place)], at: Int(place))
      }
      guard let slot = slotOfKey[Self.key(key, group: group, pattern: pattern.hash)],
        fits(slots[Int(slot)], tokens, skeleton)
      else { continue }
      if let found = best {
        let (earlier, later) = (generation(of: found), generation(of: slot))
        guard
          later < earlier
            || later == earlier && pattern.places.count == width
              && slots[Int(slot)].id < slots[Int(found)].id
        else { continue }
      }
      best = slot
      width = pattern.places.count
    }
    return best
  }

  /// How many times a miner had been added to before it learned the template of a slot.
  private func generation(of slot: Int32) -> Int {
    generations.isEmpty ? 0 : generations.count { $0 <= slots[Int(slot)].id }
  }

  /// Whether a template's constants are those of a skeleton. Nothing but wildcards fits only what is equal.
  private func fits(
    _ cluster: Cluster, _ tokens: [Skeleton.Token], _ skeleton: UnsafeRawBufferPointer
  ) -> Bool {
    guard cluster.tokens.count == tokens.count else { return false }
    var constants = 0
    for (own, token) in zip(cluster.tokens, tokens) {
      if own.kind == .wildcard {
        if token.kind == .mark { return false }
      } else {
        guard own.kind == token.kind, own.hash == token.hash else { return false }
        if own.kind != .mark { constants += 1 }
      }
    }
    return constants > 0 || cluster.skeleton.elementsEqual(skeleton)
  }

  private static func key(_ constants: UInt64, group: UInt64, pattern: UInt64) -> UInt64 {
    Skeleton.mix(constants ^ Skeleton.mix(group &+ pattern))
  }

  /// The slot of the template that a new skeleton belongs to; makes one where none fits.
  mutating func assign(_ skeleton: UnsafeRawBufferPointer) -> Int32 {
    let tokens = Skeleton.tokens(of: skeleton)
    let group = Skeleton.group(of: tokens)
    if let slot = fittingSlot(tokens, group: group, skeleton: skeleton) { return slot }
    let id = nextFreeID()
    let slot = insert(id: id, skeleton: Array(skeleton), tokens: tokens, group: group, count: 0)
    guard let known = groups[group], known.members.count >= known.nextMerge else { return slot }
    merge(group: group)
    return slotOfID[finalID(of: id)] ?? slot
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
    let cluster = Self.cluster(
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
    file(slot)
    link(slot)
    return slot
  }

  private static func cluster(
    id: Int32, skeleton: [UInt8], tokens: [Skeleton.Token], group: UInt64, count: Int
  ) -> Cluster {
    let sum = Skeleton.sum(tokens)
    let (places, pattern) = Skeleton.wildcards(tokens)
    var constants = sum
    for place in places {
      constants &-= Skeleton.share(tokens[Int(place)], at: Int(place))
    }
    return Cluster(
      id: id, skeleton: skeleton, tokens: tokens, group: group, count: count, sum: sum,
      key: key(constants, group: group, pattern: pattern), pattern: pattern)
  }

  /// Makes a template known under its id, its key and in its group.
  private mutating func file(_ slot: Int32) {
    let cluster = slots[Int(slot)]
    slotOfID[cluster.id] = slot
    slotOfKey[cluster.key] = slot
    groups[cluster.group, default: TemplateGroup()].add(
      slot, wildcards: Skeleton.wildcards(cluster.tokens).places, hash: cluster.pattern)
  }

  private mutating func unfile(_ slot: Int32) {
    let cluster = slots[Int(slot)]
    slotOfID[cluster.id] = nil
    if slotOfKey[cluster.key] == slot { slotOfKey[cluster.key] = nil }
    groups[cluster.group]?.remove(slot, hash: cluster.pattern)
    if groups[cluster.group]?.members.isEmpty == true { groups[cluster.group] = nil }
  }

  /// Gives a template another text; its place in the order of use stays.
  mutating func replace(_ slot: Int32, skeleton: [UInt8], count: Int) {
    unfile(slot)
    let old = slots[Int(slot)]
    templateBytes -= old.size
    var cluster = Self.cluster(
      id: old.id, skeleton: skeleton, tokens: skeleton.withUnsafeBytes { Skeleton.tokens(of: $0) },
      group: old.group, count: count)
    (cluster.older, cluster.newer) = (old.older, old.newer)
    templateBytes += cluster.size
    slots[Int(slot)] = cluster
    file(slot)
  }

  /// Takes a template out.
  mutating func remove(_ slot: Int32) {
    unlink(slot)
    unfile(slot)
    templateBytes -= slots[Int(slot)].size
    slots[Int(slot)] = Cluster(
      id: 0, skeleton: [], tokens: [], group: 0, count: 0, sum: 0, key: 0, pattern: 0)
    freeSlots.append(slot)
  }

  private mutating func evictOldest() {
    guard oldest != Self.none else { return }
    remove(oldest)
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
