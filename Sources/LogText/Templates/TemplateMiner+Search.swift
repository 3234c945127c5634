extension TemplateMiner {
  /// The template that a skeleton fits: of the earliest generation the one with the most constant words,
  /// then with the lowest id.
  func fittingSlot(_ skeleton: UnsafeRawBufferPointer) -> Int32? {
    let tokens = Skeleton.tokens(of: skeleton)
    return fittingSlot(
      tokens, sum: Skeleton.sum(tokens), group: Skeleton.group(of: tokens), skeleton: skeleton)
  }

  private func fittingSlot(
    _ tokens: [Skeleton.Token], sum: UInt64, group: UInt64, skeleton: UnsafeRawBufferPointer
  ) -> Int32? {
    guard let patterns = groups[group]?.patterns else { return nil }
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
    let (sum, group) = (Skeleton.sum(tokens), Skeleton.group(of: tokens))
    if let slot = fittingSlot(tokens, sum: sum, group: group, skeleton: skeleton) { return slot }
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
    let (cluster, places) = Self.cluster(id: id, skeleton: skeleton, tokens: tokens, group: group)
    templateBytes += cluster.size
    while !slotOfID.isEmpty,
      slotOfID.count >= limits.templates || templateBytes > limits.templateBytes
    {
      evictOldest()
    }
    clock &+= 1
    let use = Use(id: id, count: count, last: clock)
    let slot: Int32
    if let free = freeSlots.popLast() {
      slot = free
      slots[Int(slot)] = cluster
      uses[Int(slot)] = use
    } else {
      slot = Int32(truncatingIfNeeded: slots.count)
      slots.append(cluster)
      uses.append(use)
    }
    file(slot, cluster, places)
    return slot
  }

  /// A template, and the places of its wildcards.
  private static func cluster(
    id: Int32, skeleton: [UInt8], tokens: [Skeleton.Token], group: UInt64
  ) -> (cluster: Cluster, places: [Int32]) {
    let sum = Skeleton.sum(tokens)
    let (places, pattern) = Skeleton.wildcards(tokens)
    var constants = sum
    for place in places {
      constants &-= Skeleton.share(tokens[Int(place)], at: Int(place))
    }
    let cluster = Cluster(
      id: id, skeleton: skeleton, tokens: tokens, group: group, sum: sum,
      key: key(constants, group: group, pattern: pattern), pattern: pattern)
    return (cluster, places)
  }

  /// Makes a template known under its id, its key and in its group.
  private mutating func file(_ slot: Int32, _ cluster: Cluster, _ places: [Int32]) {
    slotOfID[cluster.id] = slot
    slotOfKey[cluster.key] = slot
    groups[cluster.group, default: TemplateGroup()].add(
      slot, wildcards: places, hash: cluster.pattern)
  }

  private mutating func unfile(_ slot: Int32) {
    let cluster = slots[Int(slot)]
    slotOfID[cluster.id] = nil
    if slotOfKey[cluster.key] == slot { slotOfKey[cluster.key] = nil }
    groups[cluster.group]?.remove(slot, hash: cluster.pattern)
    if groups[cluster.group]?.members.isEmpty == true { groups[cluster.group] = nil }
  }

  /// Gives a template another text; when it was used last stays.
  mutating func replace(_ slot: Int32, skeleton: [UInt8], count: Int) {
    unfile(slot)
    let old = slots[Int(slot)]
    templateBytes -= old.size
    let (cluster, places) = Self.cluster(
      id: old.id, skeleton: skeleton, tokens: skeleton.withUnsafeBytes { Skeleton.tokens(of: $0) },
      group: old.group)
    templateBytes += cluster.size
    slots[Int(slot)] = cluster
    uses[Int(slot)].count = count
    file(slot, cluster, places)
  }

  /// Takes a template out.
  mutating func remove(_ slot: Int32) {
    unfile(slot)
    templateBytes -= slots[Int(slot)].size
    slots[Int(slot)] = Cluster(
      id: 0, skeleton: [], tokens: [], group: 0, sum: 0, key: 0, pattern: 0)
    uses[Int(slot)] = Use()
    freeSlots.append(slot)
  }

  /// Forgets the template unused for longest.
  private mutating func evictOldest() {
    while true {
      if unused.isEmpty {
        unused = slotOfID.values.map { ($0, uses[Int($0)].last) }.sorted { $0.last > $1.last }
      }
      guard let (slot, last) = unused.popLast() else { return }
      // What was used since, or is another template by now, is younger than all that follow.
      guard uses[Int(slot)].id != 0, uses[Int(slot)].last == last else { continue }
      remove(slot)
      evictedTemplates += 1
      return
    }
  }
}
