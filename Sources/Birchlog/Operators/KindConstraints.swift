/// Makes the groups that a refit finds obey what operators decided: what was merged or marked stays
/// together (must-link), what was split, named differently or marked alone stays apart (cannot-link).
struct KindConstraints {
  let decisions: KindDecisions
  /// Ids of the found kinds of the earlier fit, by `previousKind` of a unit.
  let found: [String]

  /// nil where nothing was decided that constrains.
  init?(decisions: KindDecisions, found: [String]) {
    guard !decisions.isEmpty else { return nil }
    self.decisions = decisions
    self.found = found
  }

  /// Labels that obey, of the same members; some labels may be left without members.
  func apply(to labels: [Int], of members: [KindFit.Member]) -> [Int] {
    let previous = members.map { member in
      member.input.previousKind.flatMap { found.indices.contains($0) ? $0 : nil }
    }
    return gathered(
      separated(labels, previous: previous, members: members), previous: previous)
  }

  /// Splits groups that hold units of kinds that are to stay apart.
  ///
  /// Units that no earlier fit knew go with the part whose mean signature is nearest.
  private func separated(
    _ labels: [Int], previous: [Int?], members: [KindFit.Member]
  ) -> [Int] {
    var labels = labels
    var next = (labels.max() ?? -1) + 1
    for label in Set(labels).sorted() {
      let group = labels.indices.filter { labels[$0] == label }
      let camps = camps(of: group, previous: previous)
      guard camps.count > 1 else { continue }
      var campOfKind: [Int: Int] = [:]
      for (camp, kinds) in camps.enumerated() { for kind in kinds { campOfKind[kind] = camp } }
      let known = group.map { previous[$0].flatMap { campOfKind[$0] } }
      let means = camps.indices.map { camp in
        Self.mean(zip(group, known).filter { $0.1 == camp }.map { members[$0.0].signature })
      }
      for (member, camp) in zip(group, known) {
        let own =
          camp
          ?? means.indices.min {
            distance(members[member].signature, means[$0])
              < distance(members[member].signature, means[$1])
          } ?? 0
        if own > 0 { labels[member] = next + own - 1 }
      }
      next += camps.count - 1
    }
    return labels
  }

  /// The earlier kinds that a group holds, in as few parts as their decisions allow; the most common
  /// one decides first.
  private func camps(of group: [Int], previous: [Int?]) -> [[Int]] {
    var count: [Int: Int] = [:]
    for member in group { if let kind = previous[member] { count[kind, default: 0] += 1 } }
    var camps: [[Int]] = []
    for kind in count.keys.sorted(by: {
      let (left, right) = (count[$0] ?? 0, count[$1] ?? 0)
      return left != right ? left > right : $0 < $1
    }) {
      let camp = camps.firstIndex { camp in
        camp.allSatisfy { !decisions.areApart(found[$0], found[kind]) }
      }
      if let camp { camps[camp].append(kind) } else { camps.append([kind]) }
    }
    return camps
  }

  /// Moves the units of a kind that is to stay whole into the group that has most of them, and with
  /// them new units from groups in which they were the majority.
  private func gathered(_ labels: [Int], previous: [Int?]) -> [Int] {
    var labels = labels
    for kind in found.indices where decisions.isWhole(found[kind], among: found) {
      var count: [Int: Int] = [:]
      for (label, before) in zip(labels, previous) where before == kind {
        count[label, default: 0] += 1
      }
      guard
        let home = count.keys.max(by: {
          let (left, right) = (count[$0] ?? 0, count[$1] ?? 0)
          return left != right ? left < right : $0 > $1
        })
      else { continue }
      for (label, own) in count where label != home {
        let group = labels.indices.filter { labels[$0] == label }
        let isMajority =
          2 * own > group.count && group.allSatisfy { (previous[$0] ?? kind) == kind }
        for member in group where previous[member] == kind || isMajority { labels[member] = home }
      }
    }
    return labels
  }

  private static func mean(_ rows: [[Float]]) -> [Float] {
    guard var sum = rows.first else { return [] }
    for row in rows.dropFirst() { for (index, value) in row.enumerated() { sum[index] += value } }
    return sum.map { $0 / Float(rows.count) }
  }
}
