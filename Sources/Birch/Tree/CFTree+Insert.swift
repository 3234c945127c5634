/// Placing a row in the tree.
extension CFTree {
  /// What a placement may change.
  enum PlacementMode {
    /// Absorb, or add an entry and split where a node is full.
    case grow
    /// Absorb or refuse.
    case absorbOnly
  }

  enum Placement: Equatable {
    /// The row's points went into this entry; the row itself is free for the caller to reuse.
    case absorbed(into: Int32)
    /// The row became an entry.
    case added
    case refused

    var isAbsorbed: Bool {
      if case .absorbed = self { return true }
      return false
    }
  }

  /// Takes the incoming row in: places it, holds it back, or makes room first.
  mutating func accept() {
    guard let budget = options.memoryBudget else {
      if place(incoming, .grow) == .added { incoming = storage.allocateRow() }
      settleThresholdWhenWarm()
      return
    }
    let limit = treeByteLimit(budget)
    if options.delaySplit, isThresholdSettled, storage.bytes >= limit {
      if place(incoming, .absorbOnly).isAbsorbed { return }
      delayed.append(incoming)
      incoming = storage.allocateRow()
      if storage.bytes > budget { rebuild() }
      return
    }
    if place(incoming, .grow) == .added { incoming = storage.allocateRow() }
    settleThresholdWhenWarm()
    if storage.bytes > budget { rebuild() }
  }

  /// The bytes up to which the tree grows freely: the budget without the room for delayed points.
  func treeByteLimit(_ budget: Int) -> Int {
    options.delaySplit ? budget - budget / 20 : budget
  }

  /// Finds the entry nearest to the row and lets it absorb the row, or adds the row beside it.
  mutating func place(_ number: Int32, _ mode: PlacementMode) -> Placement {
    let source = UnsafePointer(storage.row(number))
    let leaf = descend(to: source)
    let count = storage.count(leaf)
    storage.prefetch(leaf, near: source)
    // Wherever the row ends up in the leaf, it is in the summaries above, unless it is refused. Adding
    // it now fills the time until the leaf is there.
    if mode == .grow { updatePath(with: source) }
    var limit = largestAbsorbedRank()
    if count > 0,
      let index = storage.nearest(
        storage.rows(leaf), count, to: source, by: options.distance, pointWeight: pointWeight,
        below: &limit)
    {
      let entry = storage.rows(leaf)[index]
      if squaredThresholdNeeded(storage.row(entry), source) <= threshold * threshold {
        storage.merge(source, into: entry)
        if mode == .absorbOnly { updatePath(with: source) }
        return .absorbed(into: entry)
      }
    }
    if mode == .absorbOnly { return .refused }
    storage.append(number, child: -1, to: leaf)
    leafEntryCount += 1
    if count >= options.leafCapacity { splitUpwards(from: leaf) }
    return .added
  }

  /// A rank that no entry which may absorb a point reaches: none nearer than that need be found.
  @inline(__always)
  private func largestAbsorbedRank() -> Double {
    guard options.distance == .d0, let reach = options.reachLimit, reach > 0, threshold > 0 else {
      return .infinity
    }
    // A little more than the reach, so that rounding decides nothing here.
    return threshold * threshold * reach * reach * (1 + 1e-9)
  }

  /// Follows the nearest child from the root and leaves the way in `path`.
  @inline(__always)
  mutating func descend(to source: UnsafePointer<Double>) -> Int32 {
    path.removeAll(keepingCapacity: true)
    var node = root
    while storage.level(node) > 0 {
      let index = storage.nearest(
        in: node, to: source, by: options.distance, pointWeight: pointWeight)
      path.append(PathStep(node: node, index: index))
      node = storage.children(node)[index]
    }
    return node
  }

  /// The square of the least threshold at which two rows may become one entry.
  @inline(__always)
  func squaredThresholdNeeded(_ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>)
    -> Double
  {
    let gap = VectorArithmetic.squaredDistance(left + 2, right + 2, dimension)
    let total = left[0] + right[0]
    let deviations = left[1] + right[1] + gap * left[0] * (right[0] / total)
    let spread: Double
    switch options.absorption {
    case .radius: spread = deviations / total
    case .diameter:
      spread = ClusteringFeature.squaredDiameter(total, deviations, pointWeight: pointWeight)
    }
    guard let reach = options.reachLimit else { return spread }
    // The heavier one side is, the less the spread says about how far off the other one lies.
    return reach > 0 ? max(spread, gap / (reach * reach)) : (gap > 0 ? .infinity : spread)
  }

  /// Adds a row's points to the summaries along the path.
  private func updatePath(with source: UnsafePointer<Double>) {
    for step in path {
      storage.merge(source, into: storage.rows(step.node)[step.index])
    }
  }
}
