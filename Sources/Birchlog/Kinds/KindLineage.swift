import Birch

/// How the found kinds of a new fit continue those of an earlier one.
///
/// Kinds are paired by optimal assignment on three likenesses: which of the units that both fits
/// know they share, how far their mean signatures lie apart, and which evidence sets them apart. A
/// kind about which an operator has said something is given up last.
struct KindLineage {
  let old: [Kind]
  let decisions: KindDecisions
  /// Kinds of earlier fits that are gone; their ids are not used again.
  let retired: [RetiredKind]
  /// A kind may become normal, or cease to be: the paper's preset calls the largest one so.
  let natureMayChange: Bool

  /// How much each likeness counts, all together 1.
  private static let weights = (units: 0.6, centroid: 0.2, evidence: 0.2)
  /// What an operator's decision adds.
  private static let decided = 0.3

  /// What became of the old kinds.
  struct Outcome {
    var retired: [RetiredKind] = []
    var edit = KindEdit(.refit, "")
  }

  /// Gives each new kind the id of the old one that it continues; the others get ids never used.
  ///
  /// Units remembered from the earlier fit are the common ground.
  func carryOver(to kinds: inout [Kind], members: [KindFit.Member]) -> Outcome {
    guard !old.isEmpty else { return Outcome() }
    let shared = sharedUnits(members, newCount: kinds.count)
    let centroids = oldCentroids(members)
    let likeness = old.indices.map { before in
      kinds.indices.map { after in
        self.likeness(
          before, kinds[after], after: after, shared: shared, centroid: centroids[before])
      }
    }
    var isTaken = [Bool](repeating: false, count: kinds.count)
    for (before, match) in optimalAssignment(cost: likeness.map { $0.map { -$0 } }).enumerated() {
      guard let match, likeness[before][match] > 0 else { continue }
      kinds[match].id = old[before].id
      isTaken[match] = true
    }
    var next = decisions.nextNumber(found: old.map(\.id), retired: retired.map(\.id))
    for index in kinds.indices where !isTaken[index] {
      kinds[index].id = "k\(next)"
      next += 1
    }
    return outcome(kinds, shared: shared, isBorn: isTaken.map { !$0 })
  }

  /// How many distinct units each old kind shares with each new one, `[old][new]`. Distinct units
  /// decide, not their multiplicity: else one frequent shape would carry a name away.
  private func sharedUnits(_ members: [KindFit.Member], newCount: Int) -> [[Double]] {
    var shared = [[Double]](repeating: [Double](repeating: 0, count: newCount), count: old.count)
    for member in members {
      guard let before = member.input.previousKind, old.indices.contains(before) else { continue }
      shared[before][member.kind] += 1
    }
    return shared
  }

  /// The mean of the signatures, as the new fit has them, of what each old kind held.
  private func oldCentroids(_ members: [KindFit.Member]) -> [[Double]] {
    let dimension = members.first?.signature.count ?? 0
    var sums = [[Double]](repeating: [Double](repeating: 0, count: dimension), count: old.count)
    var counts = [Double](repeating: 0, count: old.count)
    for member in members {
      guard let before = member.input.previousKind, old.indices.contains(before) else { continue }
      counts[before] += 1
      for (column, value) in member.signature.enumerated() {
        sums[before][column] += Double(value)
      }
    }
    return zip(sums, counts).map { sum, count in sum.map { $0 / max(count, 1) } }
  }

  /// From 0 (another kind) to 1, more where an operator has decided something.
  private func likeness(
    _ before: Int, _ kind: Kind, after: Int, shared: [[Double]], centroid: [Double]
  ) -> Double {
    guard natureMayChange || old[before].isNormal == kind.isNormal, shared[before][after] > 0
    else { return 0 }
    let own = shared[before].reduce(0, +)
    let others = shared.reduce(0) { $0 + $1[after] }
    let units = 2 * shared[before][after] / (own + others)
    let separation = distance(centroid.map { Float($0) }, kind.centroid)
    let reach = max(kind.limit + old[before].limit, 1e-9)
    let nearness = max(0, 1 - separation / reach)
    let evidence = Self.overlap(old[before].evidence, kind.evidence)
    let isDecided = decisions.remarks[decisions.shownID(of: old[before].id)] != nil
    return Self.weights.units * units + Self.weights.centroid * nearness
      + Self.weights.evidence * evidence + (isDecided ? Self.decided : 0)
  }

  /// The part of two kinds' evidence that they share.
  static func overlap(_ left: [Kind.Evidence], _ right: [Kind.Evidence]) -> Double {
    func sign(_ item: Kind.Evidence) -> Int64 { 2 * Int64(item.event) + (item.isMissing ? 1 : 0) }
    let (first, second) = (Set(left.map(sign)), Set(right.map(sign)))
    let all = first.union(second).count
    return all == 0 ? 1 : Double(first.intersection(second).count) / Double(all)
  }

  private func outcome(_ kinds: [Kind], shared: [[Double]], isBorn: [Bool]) -> Outcome {
    var outcome = Outcome()
    let surviving = Set(kinds.map(\.id))
    var sources = [[String]](repeating: [], count: kinds.count)
    for (before, kind) in old.enumerated() where !surviving.contains(kind.id) {
      let heir = kinds.indices.max { shared[before][$0] < shared[before][$1] }
      let place = heir.flatMap { shared[before][$0] > 0 ? $0 : nil }
      if let place { sources[place].append(kind.id) }
      let name = decisions.name(of: decisions.shownID(of: kind.id))
      outcome.retired.append(
        RetiredKind(id: kind.id, name: name, into: place.map { kinds[$0].id }))
    }
    outcome.edit.kinds = outcome.retired.map(\.id)
    outcome.edit.born = kinds.indices.filter { isBorn[$0] }.map { after in
      let origin = old.indices.max { shared[$0][after] < shared[$1][after] }
      return .init(
        id: kinds[after].id,
        from: origin.flatMap { shared[$0][after] > 0 ? old[$0].id : nil })
    }
    return outcome
  }
}
