import Birch

/// Keeps the identity of kinds across refits.
enum KindLineage {
  /// Gives each new kind the id and name of the old kind whose units it holds, by the assignment
  /// that keeps most units' kind.
  ///
  /// A kind that matches no old one gets the next free number. Units remembered from the earlier
  /// fit are the common ground; without any (a first fit) kinds keep the numbers that discovery
  /// gave them.
  ///
  /// - Returns: the old kinds that no new one continues.
  static func carryOver(
    from old: [Kind], to kinds: inout [Kind], members: [KindFit.Member]
  ) -> [RetiredKind] {
    guard !old.isEmpty else { return [] }
    var shared = [[Double]](repeating: [Double](repeating: 0, count: kinds.count), count: old.count)
    for member in members {
      guard let before = member.input.previousKind, old.indices.contains(before) else { continue }
      // Distinct units decide, not their multiplicity: else one frequent shape would carry a name
      // away.
      shared[before][member.kind] += 1
    }
    let matches = optimalAssignment(cost: shared.map { $0.map { -$0 } })
    var taken = Set<Int>()
    var retired: [RetiredKind] = []
    for (before, match) in matches.enumerated() {
      if let match, shared[before][match] > 0, old[before].isNormal == kinds[match].isNormal {
        kinds[match].id = old[before].id
        kinds[match].name = old[before].name
        taken.insert(match)
      }
    }
    var next = (old.compactMap { Int($0.id.dropFirst()) }.max() ?? 0) + 1
    for index in kinds.indices where !taken.contains(index) {
      kinds[index].id = "k\(next)"
      next += 1
    }
    let surviving = Set(kinds.map(\.id))
    for (before, kind) in old.enumerated() where !surviving.contains(kind.id) {
      let heir = kinds.indices.max { shared[before][$0] < shared[before][$1] }
      let into = heir.flatMap { shared[before][$0] > 0 ? kinds[$0].id : nil }
      retired.append(RetiredKind(id: kind.id, name: kind.name, into: into))
    }
    return retired
  }
}
