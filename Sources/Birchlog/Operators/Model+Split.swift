import Birch

extension Model {
  /// Distinct units of a kind that a split looks at, the most frequent first: what follows takes time
  /// quadratic in them.
  private static let splitLimit = 2_000

  /// A model in which a kind is several, each with an id of its own.
  ///
  /// A kind that was merged falls back into what its last merge joined, with the ids of then. Any
  /// other is parted where its last merge in the dendrogram of its remembered units lies; or, with
  /// exemplars, into as many parts as there are exemplars, each unit with the exemplar whose signature is nearest.
  /// Later refits keep the parts apart.
  ///
  /// - Parameter exemplars: ids of remembered sessions of the kind, at least two; none for the dendrogram.
  /// - Throws: `argument` when the kind cannot be parted so, `notFound`.
  public func splitting(kind id: String, exemplars: [String] = []) throws(BirchlogError) -> Model {
    let kind = try kind(id)
    let parts = found.indices.filter { kinds[shownKind[$0]].id == id }
    guard !kind.isNormal else {
      throw .argument("\(id) is normal behaviour, which is one kind; only the others can be split.")
    }
    guard parts.count == 1 else {
      guard exemplars.isEmpty else {
        throw .argument(
          "\(id) was made of \(parts.map { found[$0].id }.joined(separator: ", ")); split it without exemplars first."
        )
      }
      return try fallingApart(id, parts: parts)
    }
    return try dividing(parts[0], id: id, exemplars: exemplars)
  }

  private func fallingApart(_ id: String, parts: [Int]) throws(BirchlogError) -> Model {
    try editing { decisions throws(BirchlogError) in
      let ids = found.map(\.id)
      if let joined = decisions.unmerge(id) {
        decisions.part(id, into: joined)
      } else {
        // Its split was taken back.
        let own = parts.map { ids[$0] }
        for part in own { decisions.groups[part] = nil }
        decisions.part(id, into: own)
      }
    }
  }

  /// Parts one found kind along its remembered units.
  private func dividing(
    _ place: Int, id: String, exemplars: [String]
  ) throws(BirchlogError) -> Model {
    let own = foundExamples.indices.filter { foundExamples[$0].kind == place }
    let members = try members(of: own.map { foundExamples[$0] })
    let labels =
      exemplars.isEmpty
      ? try dendrogramLabels(members)
      : try exemplarLabels(members, exemplars: exemplars, id: id)
    guard let count = labels.max().map({ $0 + 1 }), count > 1 else {
      throw .argument(
        "\(id) cannot be split: the units of it that the model remembers (\(members.count)) do not differ."
      )
    }
    if exemplars.isEmpty { warnIfAlike(own, labels: labels, id: id) }
    var next = decisions.nextNumber(found: found.map(\.id), retired: retired.map(\.id))
    var parts: [Kind] = []
    for label in 0..<count {
      var part = KindBuilder(space: space, vocabulary: normal.vocabulary).kind(
        zip(members, labels).filter { $0.1 == label }.map(\.0), id: "k\(next)", isNormal: false,
        total: record.normalUnits + record.mixedUnits, candidateSize: KindDiscovery.candidateSize)
      part.classIndex = found[place].classIndex ?? place
      part.times = found[place].times
      parts.append(part)
      next += 1
    }
    // The others keep their places, and with them their classes.
    var found = found
    for index in found.indices where found[index].classIndex == nil {
      found[index].classIndex = index
    }
    var examples = foundExamples
    for (index, label) in zip(own, labels) where label > 0 {
      examples[index].kind = found.count + label - 1
    }
    found[place] = parts[0]
    found += parts.dropFirst()
    var decisions = decisions
    decisions.groups[self.found[place].id] = nil
    decisions.part(id, into: parts.map(\.id))
    return replacing(found: found, decisions: decisions, examples: examples)
  }

  /// Any kind has a last merge; that its two sides differ is told apart.
  private func warnIfAlike(_ own: [Int], labels: [Int], id: String) {
    let anomalous = foundExamples.indices.filter { !found[foundExamples[$0].kind].isNormal }
    let tales = TellTales(
      anomalous.map { (unit: foundExamples[$0].unit, weight: Double(foundExamples[$0].count)) },
      normal: normal.counts, vocabulary: normal.vocabulary)
    var sides = [TellTales.Group(), TellTales.Group()]
    let told = Dictionary(uniqueKeysWithValues: zip(anomalous, tales.ofUnits))
    for (index, label) in zip(own, labels) {
      sides[min(label, 1)].add(told[index] ?? [], weight: Double(foundExamples[index].count))
    }
    guard !sides[0].hasOwnSign(beside: sides[1]), !sides[1].hasOwnSign(beside: sides[0]) else {
      return
    }
    Notices.warn(
      "\(id) is split, but no event sets its parts apart: neither shows something that hardly ever comes in the other. The split can be taken back."
    )
  }

  /// Remembered units with all that the stages know of them.
  func members(of examples: [KindExample]) throws(BirchlogError) -> [KindFit.Member] {
    let scores = try normal.score(examples.map(\.unit), threads: 1)
    return zip(examples, scores).map { example, score in
      KindFit.Member(
        input: KindFit.Input(example: example), score: score,
        signature: space.signature(of: example.unit, score: score),
        isAnomalous: detection.isAnomalous(score), kind: example.kind)
    }
  }

  /// The two sides of the last merge; none where the members do not differ.
  private func dendrogramLabels(
    _ members: [KindFit.Member]
  ) throws(BirchlogError) -> [Int] {
    let order = members.indices.sorted {
      members[$0].input.count != members[$1].input.count
        ? members[$0].input.count > members[$1].input.count : $0 < $1
    }.prefix(Self.splitLimit)
    do {
      var entries: [ClusteringFeature] = []
      for index in order {
        entries.append(
          try ClusteringFeature(
            point: members[index].signature.map(Double.init), weight: members[index].weight))
      }
      let dendrogram = try agglomerate(entries, linkage: .average)
      // Signatures have unit length: this is less than single precision tells apart.
      guard let top = dendrogram.merges.last, top.height > 1e-6 else { return [] }
      let labels = dendrogram.labels(clusterCount: 2)
      let means = try Centroids(entries: entries, labels: labels)
      var result: [Int] = []
      for member in members {
        result.append(try means.nearest(to: member.signature.map(Double.init))?.index ?? 0)
      }
      for (index, label) in zip(order, labels) { result[index] = label }
      return result
    } catch {
      throw .init(error)
    }
  }

  private func exemplarLabels(
    _ members: [KindFit.Member], exemplars: [String], id: String
  ) throws(BirchlogError) -> [Int] {
    guard exemplars.count >= 2 else {
      throw .argument("A split by exemplars needs two or more: one for each part.")
    }
    var seeds: [[Float]] = []
    for exemplar in exemplars {
      guard
        let member = members.first(where: {
          String(decoding: $0.input.session, as: UTF8.self) == exemplar
        })
      else {
        let known = members.prefix(5).map { String(decoding: $0.input.session, as: UTF8.self) }
        throw .argument(
          "\(id) has no remembered session \"\(exemplar)\"; it has such as \(known.joined(separator: ", "))."
        )
      }
      guard !seeds.contains(where: { distance($0, member.signature) < 1e-6 }) else {
        throw .argument(
          "Two of the exemplars have the same signature; they cannot be told apart.")
      }
      seeds.append(member.signature)
    }
    return members.map { member in
      seeds.indices.min {
        distance(member.signature, seeds[$0]) < distance(member.signature, seeds[$1])
      } ?? 0
    }
  }
}
