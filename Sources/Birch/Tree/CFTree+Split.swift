/// Splitting full nodes, and the merging refinement that repairs badly placed splits.
extension CFTree {
  /// Splits an overfull node and, as far as needed, the nodes above it. The summaries along the path
  /// hold the new entry already; those of nodes that are split are made anew.
  mutating func splitUpwards(from overfull: Int32) {
    var left = overfull
    var depth = path.count
    while true {
      let right = storage.allocateNode(level: storage.level(left))
      var members = entries(of: left)
      distribute(&members, left, right)
      guard depth > 0 else {
        growRoot(left, right)
        return
      }
      depth -= 1
      let step = path[depth]
      storage.summarise(left, into: storage.rows(step.node)[step.index])
      let row = storage.allocateRow()
      storage.summarise(right, into: row)
      storage.insert(row, child: right, into: step.node, at: step.index + 1)
      if storage.count(step.node) <= options.branchingFactor {
        if options.mergingRefinement { refine(step.node, split: step.index) }
        return
      }
      left = step.node
    }
  }

  private mutating func growRoot(_ left: Int32, _ right: Int32) {
    root = storage.allocateNode(level: storage.level(left) + 1)
    for child in [left, right] {
      let row = storage.allocateRow()
      storage.summarise(child, into: row)
      storage.append(row, child: child, to: root)
    }
  }

  private struct Member {
    var row: Int32
    var child: Int32
  }

  private func entries(of node: Int32) -> [Member] {
    let rows = storage.rows(node)
    let children = storage.children(node)
    return (0..<storage.count(node)).map { Member(row: rows[$0], child: children[$0]) }
  }

  /// Deals members out to two nodes: the farthest pair are seeds, each other member joins the nearer
  /// seed, the left one where both are equally near, the emptier one where the nearer is full.
  private func distribute(_ members: inout [Member], _ left: Int32, _ right: Int32) {
    storage.clear(left)
    storage.clear(right)
    let limit = storage.level(left) == 0 ? options.leafCapacity : options.branchingFactor
    let (first, second) = farthestPair(members)
    let leftSeed = storage.row(members[first].row)
    let rightSeed = storage.row(members[second].row)
    for (index, member) in members.enumerated() {
      let row = storage.row(member.row)
      var goesLeft =
        index == first
        || (index != second
          && rank(leftSeed, row) <= rank(rightSeed, row))
      // A seed always finds room: its place is kept by counting it as present from the start.
      let leftTaken = storage.count(left) + (index < first ? 1 : 0)
      let rightTaken = storage.count(right) + (index < second ? 1 : 0)
      if index != first, index != second {
        if goesLeft, leftTaken >= limit { goesLeft = false }
        if !goesLeft, rightTaken >= limit { goesLeft = true }
      }
      storage.append(member.row, child: member.child, to: goesLeft ? left : right)
    }
  }

  private func rank(_ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>) -> Double {
    storage.rank(left, right, by: options.distance, pointWeight: pointWeight)
  }

  /// The farthest pair of at least two members; the first of equals.
  private func farthestPair(_ members: [Member]) -> (Int, Int) {
    var best = (0, 1)
    var bestRank = -Double.infinity
    for first in 0..<members.count {
      let row = storage.row(members[first].row)
      for second in (first + 1)..<max(first + 1, members.count) {
        let rank = rank(row, storage.row(members[second].row))
        if rank > bestRank {
          bestRank = rank
          best = (first, second)
        }
      }
    }
    return best
  }

  /// The closest pair of at least two entries of a node; the first of equals.
  private func closestPair(_ node: Int32) -> (Int, Int) {
    let rows = storage.rows(node)
    let count = storage.count(node)
    var best = (0, 1)
    var bestRank = Double.infinity
    for first in 0..<(count - 1) {
      if let place = storage.nearest(
        rows + first + 1, count - first - 1, to: storage.row(rows[first]), by: options.distance,
        pointWeight: pointWeight, below: &bestRank)
      {
        best = (first, first + 1 + place)
      }
    }
    return best
  }

  /// Merges the two closest children of the node at which a split came to rest, or deals their
  /// entries out anew where one node cannot hold them (Zhang et al. 1996, section 4.3).
  private mutating func refine(_ node: Int32, split index: Int) {
    let members = entries(of: node)
    guard members.count > 2 else { return }
    let (first, second) = closestPair(node)
    if first == index, second == index + 1 { return }
    let left = members[first].child
    let right = members[second].child
    var joined = entries(of: left) + entries(of: right)
    let limit = storage.level(left) == 0 ? options.leafCapacity : options.branchingFactor
    if joined.count <= limit {
      for member in joined[storage.count(left)...] {
        storage.append(member.row, child: member.child, to: left)
      }
      storage.summarise(left, into: members[first].row)
      storage.free(row: members[second].row)
      storage.free(node: right)
      storage.remove(at: second, from: node)
    } else {
      distribute(&joined, left, right)
      storage.summarise(left, into: members[first].row)
      storage.summarise(right, into: members[second].row)
    }
  }
}
