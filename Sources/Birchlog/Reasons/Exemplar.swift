/// The remembered session that is most like a unit.
struct Exemplar: Sendable {
  var example: KindExample
  /// Distance of the two signatures.
  var distance: Double
}

extension Model {
  /// The nearest remembered unit of a kind, or of the kinds given where it has none.
  func exemplar(
    _ signature: [Float], of kind: Int?, near: [Int]
  ) throws(BirchlogError) -> Exemplar? {
    var best: Exemplar?
    for candidate in kind.map({ [$0] }) ?? near {
      let known = try exemplars(of: candidate)
      for (example, other) in zip(known.examples, known.signatures) {
        let distance = distance(signature, other)
        if distance < best?.distance ?? .infinity {
          best = Exemplar(example: example, distance: distance)
        }
      }
    }
    return best
  }
}
