import Birch
import Glibc

/// Stage 3 goes on from the kinds that are there: a unit that is like one of them joins it, and only what
/// is like none is clustered into new kinds.
///
/// Nothing that is known is rearranged, so ids, names and what operators decided stay; a refit is what
/// looks at everything anew. A signature depends on the network and the vocabulary, which have changed:
/// all units, remembered and new, are given theirs again, and the CF tree is built from those of the
/// units that fit nowhere, each with its aged weight.
struct KindUpdater {
  let options: Options
  let space: SignatureSpace
  let model: NormalModel
  /// Kinds as they were found before, and what operators decided about them.
  let previous: [Kind]
  let decisions: KindDecisions
  /// Number of this update, from 1.
  let number: Int
  /// How much less what came before weighs.
  let ageing: Double
  /// Units of the new input of each remembered member, and of each new one.
  let newCounts: [Unit: Int]
  /// Numbers of kinds that are gone are not used again.
  let retired: [RetiredKind]

  struct Result {
    var kinds: [Kind] = []
    var retired: [RetiredKind] = []
    var found: [String] = []
    var promoted: [String] = []
    var record = ClusteringRecord()
  }

  /// A new kind of at least this many units needs no second update to be more than a candidate.
  private static let promptSize = 10

  /// Gives each member its kind, an index into the result's kinds.
  func update(_ members: inout [KindFit.Member]) throws(BirchlogError) -> Result {
    var result = Result()
    let normalKind = previous.firstIndex { $0.isNormal }
    var groups = [[Int]](repeating: [], count: previous.count)
    var normal: [Int] = []
    var rest: [Int] = []
    for (index, member) in members.enumerated() {
      if !options.largestKindIsNormal, !member.isAnomalous {
        normal.append(index)
      } else if let before = member.input.previousKind, previous.indices.contains(before),
        options.largestKindIsNormal || !previous[before].isNormal
      {
        groups[before].append(index)
      } else {
        rest.append(index)
      }
    }
    rest = joinNear(rest, members: members, groups: &groups)
    var newGroups: [[Int]] = []
    if !rest.isEmpty {
      newGroups = try joinAlike(
        cluster(rest, members: members, record: &result.record), members: members, groups: &groups)
    }
    var next = nextNumber()
    func add(_ group: [Int], id: String, isNormal: Bool, before: Kind?) {
      for member in group { members[member].kind = result.kinds.count }
      let kind = build(group.map { members[$0] }, id: id, isNormal: isNormal, before: before)
      if let before, before.isCandidate, !kind.isCandidate { result.promoted.append(id) }
      result.kinds.append(kind)
    }
    if !normal.isEmpty {
      if let normalKind {
        groups[normalKind] += normal
      } else {
        add(
          normal, id: previous.contains { $0.id == "k0" } ? "k\(next)" : "k0", isNormal: true,
          before: nil)
        next += 1
      }
    }
    for (index, kind) in previous.enumerated() {
      if groups[index].isEmpty {
        result.retired.append(
          RetiredKind(
            id: kind.id, name: decisions.name(of: decisions.shownID(of: kind.id)),
            into: normalKind.map { previous[$0].id }))
      } else {
        add(groups[index], id: kind.id, isNormal: kind.isNormal, before: kind)
      }
    }
    for group in newGroups {
      add(group, id: "k\(next)", isNormal: false, before: nil)
      result.found.append("k\(next)")
      next += 1
    }
    let total = result.kinds.reduce(0) { $0 + $1.size }
    for index in result.kinds.indices {
      result.kinds[index].share = Double(result.kinds[index].size) / Double(max(total, 1))
    }
    result.record.chosen = result.kinds.count { !$0.isNormal }
    try measureSilhouette(members, result: &result)
    return result
  }

  private func measureSilhouette(
    _ members: [KindFit.Member], result: inout Result
  ) throws(BirchlogError) {
    var found = KindDiscovery.Found(kinds: result.kinds, record: result.record)
    try KindDiscovery(
      options: options, space: space, vocabulary: model.vocabulary, normalCounts: model.counts
    ).measureSilhouette(
      members,
      clustered: members.indices.filter {
        options.largestKindIsNormal || members[$0].isAnomalous
      }, found: &found)
    (result.kinds, result.record) = (found.kinds, found.record)
  }

  private func nextNumber() -> Int {
    decisions.nextNumber(found: previous.map(\.id), retired: retired.map(\.id))
  }

  /// Units within the reach of a kind join the nearest; the others are returned.
  private func joinNear(
    _ rest: [Int], members: [KindFit.Member], groups: inout [[Int]]
  ) -> [Int] {
    let builder = KindBuilder(space: space, vocabulary: model.vocabulary)
    let kinds = groups.map { group in
      group.isEmpty
        ? nil
        : builder.kind(
          group.map { members[$0] }, id: "", isNormal: false, total: 1, candidateSize: 0)
    }
    var left: [Int] = []
    for index in rest {
      var nearest: (kind: Int, distance: Double)?
      for (number, kind) in kinds.enumerated() {
        guard let kind, options.largestKindIsNormal || !previous[number].isNormal else { continue }
        let own = distance(members[index].signature, kind.centroid)
        if own <= kind.limit, own < nearest?.distance ?? .infinity { nearest = (number, own) }
      }
      if let nearest { groups[nearest.kind].append(index) } else { left.append(index) }
    }
    return left
  }

  /// Groups of the units that are within no kind's reach, by size.
  private func cluster(
    _ rest: [Int], members: [KindFit.Member], record: inout ClusteringRecord
  ) throws(BirchlogError) -> [[Int]] {
    var options = options
    options.kinds = .automatic
    let discovery = KindDiscovery(
      options: options, space: space, vocabulary: model.vocabulary, normalCounts: model.counts)
    let labels = try discovery.cluster(rest.map { members[$0] }, besides: 0, record: &record)
    var groups = [[Int]](repeating: [], count: (labels.max() ?? 0) + 1)
    for (index, label) in zip(rest, labels) { groups[label].append(index) }
    func size(_ group: [Int]) -> Int { group.reduce(0) { $0 + members[$1].input.count } }
    return groups.filter { !$0.isEmpty }.sorted {
      size($0) != size($1) ? size($0) > size($1) : $0[0] < $1[0]
    }
  }

  /// A group joins the nearest kind that it is alike, or that no event tells it from; by the rule that
  /// found the kinds. The others are returned.
  private func joinAlike(
    _ found: [[Int]], members: [KindFit.Member], groups: inout [[Int]]
  ) throws(BirchlogError) -> [[Int]] {
    let known = groups.indices.filter {
      !groups[$0].isEmpty && (options.largestKindIsNormal || !previous[$0].isNormal)
    }
    let all = known.flatMap { groups[$0] } + found.flatMap { $0 }
    let tales = TellTales(
      all.map { (unit: members[$0].input.unit, weight: members[$0].weight) }, normal: model.counts,
      vocabulary: model.vocabulary)
    var told: [Int: [Int]] = [:]
    for (place, index) in all.enumerated() { told[index] = tales.ofUnits[place] }
    func signs(_ group: [Int]) -> TellTales.Group {
      var signs = TellTales.Group()
      for index in group { signs.add(told[index] ?? [], weight: members[index].weight) }
      return signs
    }
    let kinds = known.map {
      (kind: $0, spread: Spread(groups[$0], members), signs: signs(groups[$0]))
    }
    var left: [[Int]] = []
    for group in found {
      let (spread, own) = (Spread(group, members), signs(group))
      let near = kinds.map { (kind: $0, height: spread.height(to: $0.spread)) }
        .filter { KindCount.areOne(own, $0.kind.signs, height: $0.height) }
        .min { $0.height < $1.height }
      if let near { groups[near.kind.kind] += group } else { left.append(group) }
    }
    return left
  }

  /// Where a group of signatures lies, and how wide it is.
  private struct Spread {
    var mean: [Double]
    /// Mean squared distance from the mean.
    var variance = 0.0

    init(_ group: [Int], _ members: [KindFit.Member]) {
      var weight = 0.0
      mean = [Double](repeating: 0, count: members[group[0]].signature.count)
      for index in group {
        weight += members[index].weight
        for (column, value) in members[index].signature.enumerated() {
          mean[column] += members[index].weight * Double(value)
        }
      }
      for column in mean.indices { mean[column] /= max(weight, .leastNormalMagnitude) }
      for index in group {
        var square = 0.0
        for (column, value) in members[index].signature.enumerated() {
          square += (Double(value) - mean[column]) * (Double(value) - mean[column])
        }
        variance += members[index].weight * square / max(weight, .leastNormalMagnitude)
      }
    }

    /// Root mean square distance between the points of two groups: D2 of BIRCH.
    func height(to other: Spread) -> Double {
      var square = variance + other.variance
      for (left, right) in zip(mean, other.mean) { square += (left - right) * (left - right) }
      return square.squareRoot()
    }
  }

  /// A kind with what is new about it. Its size goes on from what it was, for not all of its units are
  /// remembered.
  private func build(
    _ members: [KindFit.Member], id: String, isNormal: Bool, before: Kind?
  ) -> Kind {
    var kind = KindBuilder(space: space, vocabulary: model.vocabulary).kind(
      members, id: id, isNormal: isNormal, total: 1, candidateSize: KindDiscovery.candidateSize)
    let new = members.reduce(0) { $0 + (newCounts[$1.input.unit] ?? 0) }
    kind.age = before?.age ?? Kind.Age(found: number, lastSeen: number, showings: 0)
    if new > 0 {
      kind.age.lastSeen = number
      kind.age.showings += 1
    }
    guard let before else {
      kind.size = new
      kind.isCandidate = !isNormal && new < Self.promptSize
      return kind
    }
    // Remembered units have no times.
    kind.times = kind.times.widened(by: before.times)
    kind.size = Int(min(Double(before.size) * ageing, 1e15).rounded()) + new
    kind.isCandidate =
      before.isCandidate
      && (kind.size < KindDiscovery.candidateSize
        || kind.age.showings < 2 && kind.size < Self.promptSize)
    return kind
  }
}
