import Glibc

/// What sets the unlabelled units of training apart from the normal ones: a logistic regression of
/// events and pairs of events.
///
/// A network of normal behaviour sees what is improbable. Where normal units differ a lot, anomalies that
/// come in numbers are rather seen by what they have in common. There are ``UnitStore/foldCount``
/// regressions, none of which learned from units whose hash falls to it: a unit, whether it was in training
/// or not, is judged by one that has not seen its like, so that held-out scores of normal units are what
/// new ones will score.
struct Contrast: Sendable, Equatable {
  /// Weights of the columns and the offset behind them, for each fold.
  private(set) var weights: [[Float]]

  /// A unit for learning.
  struct Example {
    var unit: Unit
    var isMixed: Bool
    var weight: Double
  }

  /// Units of each sort that are learned from at most.
  private static let exampleLimit = 8_192
  private static let epochs = 30
  private static let rate: Float = 0.3
  /// The penalty of large weights, for one example in so many.
  private static let penalty: Float = 0.1

  init(weights: [[Float]]) { self.weights = weights }

  /// Learns from normal and unlabelled units.
  ///
  /// - Returns: nil where a fold has none of one sort to learn from.
  init?(_ examples: [Example]) {
    let chosen = Self.bounded(examples)
    let features = chosen.map { ContrastFeatures($0.unit) }
    let folds = chosen.map { Self.fold(of: $0.unit) }
    weights = []
    for fold in 0..<UnitStore.foldCount {
      let own = chosen.indices.filter { folds[$0] != fold }
      guard own.contains(where: { chosen[$0].isMixed }),
        own.contains(where: { !chosen[$0].isMixed })
      else { return nil }
      weights.append(Self.fit(own, chosen, features))
    }
  }

  /// Which regression judges a unit: the same one whether its end was seen or not.
  static func fold(of unit: Unit) -> Int {
    var unit = unit
    if unit.tail == .none || unit.tail == .open { unit.tail = .end }
    return Int(truncatingIfNeeded: (unit.stableHash >> 17) % UInt64(UnitStore.foldCount))
  }

  /// How much a unit is like the unlabelled ones rather than the normal ones: logarithm of the odds. 0 for
  /// a session that goes on, of which the rest may yet be like either.
  func score(of unit: Unit) -> Double {
    guard unit.tail != .open else { return 0 }
    let weights = weights[Self.fold(of: unit)]
    let features = ContrastFeatures(unit)
    return Double(Self.value(features, weights))
  }

  /// The events and pairs of a unit that speak most for an unlabelled one, the strongest first.
  func reasons(for unit: Unit, count: Int) -> [(events: [Int32], occurrences: Int, weight: Double)]
  {
    let weights = weights[Self.fold(of: unit)]
    let features = ContrastFeatures(unit)
    let parts = Dictionary(
      uniqueKeysWithValues: zip(features.columns, features.values).map {
        ($0, Double(weights[Int($0)] * $1))
      })
    var occurrences: [[Int32]: Int] = [:]
    var last: Int32?
    for event in unit.body {
      occurrences[[event], default: 0] += 1
      if let last { occurrences[[last, event], default: 0] += 1 }
      last = event
    }
    let reasons = occurrences.map { events, occurrences in
      let column =
        events.count == 1
        ? ContrastFeatures.column(of: events[0])
        : ContrastFeatures.column(of: events[0], before: events[1])
      return (events: events, occurrences: occurrences, weight: parts[column] ?? 0)
    }
    return Array(
      reasons.filter { $0.weight > 0 }.sorted {
        $0.weight != $1.weight
          ? $0.weight > $1.weight : $0.events.lexicographicallyPrecedes($1.events)
      }.prefix(count))
  }

  private static func value(_ features: ContrastFeatures, _ weights: [Float]) -> Float {
    var sum = weights[ContrastFeatures.dimension]
    for (column, value) in zip(features.columns, features.values) {
      sum += weights[Int(column)] * value
    }
    return sum
  }

  /// No more than the limit of each sort: those whose hash is smallest.
  private static func bounded(_ examples: [Example]) -> [Example] {
    func part(_ isMixed: Bool) -> [Example] {
      let own = examples.filter { $0.isMixed == isMixed }
      guard own.count > exampleLimit else { return own }
      return Array(
        own.map { (hash: $0.unit.stableHash, example: $0) }.sorted { $0.hash < $1.hash }
          .prefix(exampleLimit).map(\.example))
    }
    return part(false) + part(true)
  }

  /// Logistic regression with an L2 penalty, both sorts weighing the same, by adaptive steps (Duchi et
  /// al. 2011).
  private static func fit(
    _ own: [Int], _ examples: [Example], _ features: [ContrastFeatures]
  ) -> [Float] {
    var totals = (normal: 0.0, mixed: 0.0)
    for index in own {
      if examples[index].isMixed {
        totals.mixed += examples[index].weight
      } else {
        totals.normal += examples[index].weight
      }
    }
    // A mean weight of 1 over all examples.
    let size = Double(own.count) / 2
    var weights = [Float](repeating: 0, count: ContrastFeatures.dimension + 1)
    var squares = [Float](repeating: 1e-6, count: weights.count)
    let decay = penalty / Float(own.count)
    // A fixed order that mixes the sorts: a step coprime to the number of examples.
    var step = max(1, Int(Double(own.count) * 0.618))
    while step > 1, gcd(step, own.count) > 1 { step -= 1 }
    var place = 0
    for _ in 0..<epochs {
      for _ in own.indices {
        let index = own[place]
        place = (place + step) % own.count
        let example = examples[index]
        let weight = Float(
          example.weight * size / (example.isMixed ? totals.mixed : totals.normal))
        let odds = value(features[index], weights)
        let error = weight * (1 / (1 + exp(-odds)) - (example.isMixed ? 1 : 0))
        func move(_ column: Int, _ value: Float) {
          let gradient = error * value + decay * weights[column]
          squares[column] += gradient * gradient
          weights[column] -= rate * gradient / squares[column].squareRoot()
        }
        for (column, value) in zip(features[index].columns, features[index].values) {
          move(Int(column), value)
        }
        move(ContrastFeatures.dimension, 1)
      }
    }
    return weights
  }

  private static func gcd(_ left: Int, _ right: Int) -> Int {
    right == 0 ? left : gcd(right, left % right)
  }
}

extension Contrast {
  private static let name = "contrast.weights"

  var tensors: [StoredTensor] {
    [
      StoredTensor(
        name: Self.name, shape: [weights.count, ContrastFeatures.dimension + 1],
        floats: weights.flatMap { $0 })
    ]
  }

  /// Reads what ``tensors`` wrote. Sets `isDamaged` where there is something else.
  static func read(_ file: SafetensorsFile, isDamaged: inout Bool) -> Contrast? {
    guard let tensor = file.tensor(name) else { return nil }
    let size = ContrastFeatures.dimension + 1
    guard let values = tensor.floats, values.count == UnitStore.foldCount * size,
      values.allSatisfy(\.isFinite)
    else {
      isDamaged = true
      return nil
    }
    return Contrast(
      weights: (0..<UnitStore.foldCount).map { Array(values[($0 * size)..<(($0 + 1) * size)]) })
  }
}
