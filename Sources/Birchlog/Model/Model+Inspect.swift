extension Model {
  /// Writes what stages 2 and 3 made: signatures, float32 `[units, dimension]`, and kind numbers,
  /// int32 `[units]`.
  ///
  /// The units are those of the files, in order, or without files the distinct ones that the model
  /// remembers. A unit of no known kind has number −1; else the number is the kind's place in the
  /// list of kinds.
  public func inspect(
    files: [String], options: String?, features: String?, labels: String?
  ) throws(BirchlogError) {
    var writer = try SignatureWriter(model: self, features: features, labels: labels)
    if files.isEmpty {
      for start in stride(from: 0, to: examples.count, by: 1024) {
        let part = Array(examples[start..<min(start + 1024, examples.count)])
        try writer.write(
          part.map(\.unit), kinds: part.map { Int32(truncatingIfNeeded: $0.kind) })
      }
    } else {
      let stream = try LogStream(model: self, options: options)
      var failure: BirchlogError?
      try stream.classify(files: files) { findings in
        do throws(BirchlogError) {
          try writer.write(
            findings.map(\.unit.unit),
            kinds: findings.map { $0.verdict.kind.map { Int32(truncatingIfNeeded: $0) } ?? -1 })
        } catch {
          failure = error
        }
        return failure == nil
      }
      if let failure { throw failure }
    }
    try writer.commit()
  }
}

/// The two arrays while they grow.
private struct SignatureWriter {
  private let model: Model
  private var features: NumPyFile?
  private var labels: NumPyFile?

  init(model: Model, features: String?, labels: String?) throws(BirchlogError) {
    self.model = model
    if let features {
      self.features = try NumPyFile(path: features, type: .float32, columns: model.space.dimension)
    }
    if let labels { self.labels = try NumPyFile(path: labels, type: .int32, columns: nil) }
  }

  mutating func write(_ units: [Unit], kinds: [Int32]) throws(BirchlogError) {
    if features != nil {
      let scores = try model.normal.score(units, threads: 1)
      for (unit, score) in zip(units, scores) {
        try features?.append(model.space.signature(of: unit, score: score))
      }
    }
    for kind in kinds { try labels?.append(kind) }
  }

  mutating func commit() throws(BirchlogError) {
    try features?.commit()
    try labels?.commit()
  }
}
