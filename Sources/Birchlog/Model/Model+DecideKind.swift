/// The kinds that a unit may be of.
struct EligibleKinds: Sendable {
  /// Places among the found ones.
  let found: [Int]
  /// The shown ones, ascending, and which of `found` each is made of.
  let shown: [(kind: Int, parts: [Int])]

  init(_ places: [Int], shownKind: [Int]) {
    found = places
    shown = Set(places.map { shownKind[$0] }).sorted().map { kind in
      (kind, places.filter { shownKind[$0] == kind })
    }
  }
}

extension Model {
  /// Below this probability of its most likely kind, a unit is of that kind only when its signature
  /// says so too.
  private static let smallestConfidence = 0.5

  /// Classes that the classifier tells apart: as many as there are found kinds, less those that came
  /// from a split.
  var classCount: Int { Set(found.indices.map(classIndex)).count }

  private func classIndex(_ place: Int) -> Int { found[place].classIndex ?? place }

  /// A normal unit is of the nearest normal kind. An anomalous one is of the kind that signature and
  /// classifier together find most likely among the anomalous ones, unless its signature lies outside of that
  /// kind or far from all that was seen, or the kind is unlikely and another one lies nearer. What a
  /// beginning will be the classifier alone says, if it thinks one kind more likely than all others and the
  /// beginning may become one of it. The paper's preset lets it choose among all. A kind of several found
  /// ones is as likely as they are together, and its part that lies nearest says how far off the unit is. A
  /// unit whose kind an operator marked is not anomalous.
  ///
  /// - Parameters:
  ///   - classes: probability of each of the classifier's classes; empty without one.
  ///   - goesOn: the unit may show more yet.
  func decideKind(
    of verdict: inout Verdict, classes: [Float], signature: [Float], goesOn: Bool
  ) {
    let open = options.largestKindIsNormal
    let eligible = verdict.isAnomalous ? kindsOfAnomalous : kindsOfNormal
    var distances = [Double](repeating: .infinity, count: found.count)
    for place in eligible.found { distances[place] = distance(signature, found[place].centroid) }
    verdict.probabilities = kindProbabilities(classes, distances: distances)
    guard let nearest = eligible.found.min(by: { distances[$0] < distances[$1] }) else { return }
    var chosen = shownKind[nearest]
    verdict.confidence = 1
    if !verdict.probabilities.isEmpty {
      let likely = eligible.shown
      var chances = likely.map { verdict.probabilities[$0.kind] }
      if verdict.isAnomalous, !open {
        // The beginning of one kind looks like the whole of another that lacks something: what it will
        // be the classifier has learned, and distances do not tell.
        chances =
          goesOn
          ? KindChances.normalised(chances)
          : KindChances.weighed(
            chances,
            distances: likely.map { shown in
              shown.parts.reduce(.infinity) { min($0, distances[$1]) }
            })
        verdict.probabilities = [Float](repeating: 0, count: kinds.count)
        for (shown, chance) in zip(likely, chances) { verdict.probabilities[shown.kind] = chance }
      }
      if verdict.isAnomalous || open {
        let best = likely.indices.max { chances[$0] < chances[$1] }
        chosen = best.map { likely[$0].kind } ?? chosen
      }
      let total = chances.reduce(0, +)
      verdict.confidence = total > 0 ? Double(verdict.probabilities[chosen] / total) : 0
    }
    let parts = eligible.shown.first { $0.kind == chosen }?.parts
    let part = parts?.min { distances[$0] < distances[$1] } ?? nearest
    verdict.distance = distances[part]
    if verdict.isAnomalous, !open {
      let isUnsure =
        verdict.confidence < Self.smallestConfidence
        && (goesOn || chosen != shownKind[nearest])
      let isOutside =
        verdict.distance > found[part].limit
        && !(goesOn
          && mayBecome(part, signature: signature, confidence: verdict.confidence))
      let familiarity = goesOn ? 1 : known.familiarity(of: signature)
      // A classifier is as sure about what it has never seen; the farther outside, the less it counts.
      if isOutside { verdict.confidence *= found[part].limit / verdict.distance }
      verdict.confidence *= familiarity
      if isOutside || isUnsure || familiarity < KnownSignatures.smallestFamiliarity {
        verdict.isNearMarked = kinds[chosen].isMarked || kinds[shownKind[nearest]].isMarked
        return
      }
    }
    verdict.kind = chosen
    if verdict.isAnomalous, kinds[chosen].isMarked {
      verdict.isAnomalous = false
      verdict.isMarked = true
    }
  }

  /// The kind of anomaly in whose reach a signature lies, nearer to it than to what is normal, as a place
  /// among the found ones; nil for most. Kinds that an operator marked as harmless are none.
  func resembledAnomaly(_ signature: [Float]) -> Int? {
    guard !options.largestKindIsNormal else { return nil }
    var normal = Double.infinity
    var anomaly: (place: Int, distance: Double)?
    for place in found.indices {
      let own = distance(signature, found[place].centroid)
      if found[place].isNormal {
        normal = min(normal, own)
      } else if !kinds[shownKind[place]].isMarked, own <= found[place].limit,
        own < anomaly?.distance ?? .infinity
      {
        anomaly = (place, own)
      }
    }
    return anomaly.flatMap { $0.distance < normal ? $0.place : nil }
  }

  /// Units of unlabelled input that are anomalous; what an operator marked as harmless is none.
  ///
  /// - Parameter scores: of the store's units, by this model.
  func anomalousUnits(of store: UnitStore, scores: [UnitScore]) -> Int {
    zip(store.entries, scores).reduce(0) { sum, item in
      let (entry, score) = item
      let isHarmless =
        entry.mixedCount == 0 || !detection.isAnomalous(score)
        || isLikeMarked(space.signature(of: entry.unit, score: score))
      return isHarmless ? sum : sum + entry.mixedCount
    }
  }

  /// Whether a signature lies nearest to a kind that an operator marked as harmless, and within its reach.
  func isLikeMarked(_ signature: [Float]) -> Bool {
    let distances = found.map { distance(signature, $0.centroid) }
    guard let nearest = distances.indices.min(by: { distances[$0] < distances[$1] }) else {
      return false
    }
    return kinds[shownKind[nearest]].isMarked && distances[nearest] <= found[nearest].limit
  }

  /// Probability of each shown kind: those of its classes together. Where found kinds share a class,
  /// the nearest has all of it.
  private func kindProbabilities(_ classes: [Float], distances: [Double]) -> [Float] {
    guard !classes.isEmpty else { return [] }
    var owner = [Int?](repeating: nil, count: classes.count)
    for place in found.indices where classes.indices.contains(classIndex(place)) {
      let own = classIndex(place)
      if let other = owner[own], distances[other] <= distances[place] { continue }
      owner[own] = place
    }
    var probabilities = [Float](repeating: 0, count: kinds.count)
    for (place, probability) in zip(owner, classes) {
      if let place { probabilities[shownKind[place]] += probability }
    }
    return probabilities
  }
}
