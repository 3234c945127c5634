import SequenceModel

extension Model {
  /// Version of the file's layout: what the metadata keys and tensors mean.
  public static let formatVersion = 1

  /// Prefixes of the networks' tensors; behind them stand PyTorch's names, so that
  /// `load_state_dict` takes them.
  static let basePrefix = "base."
  static let classifierPrefix = "classifier."

  /// Writes the model in one step.
  public func save(to path: String) throws(BirchlogError) {
    let file = try AtomicFile(path: path)
    try file.write(bytes())
    try file.commit()
  }

  /// The model file's bytes; the same model always gives the same.
  public func bytes() -> [UInt8] {
    let metadata: JSONObject = [
      "format": .string("birchlog"),
      "format_version": .string("\(Self.formatVersion)"),
      "birchlog_version": .string("\(BuildInfo.version)"),
      "options": .string(options.json.text),
      "unit": .string(unitKind.rawValue),
      "threshold": .string(JSONValue.object(threshold.stored).text),
      "lines": .string(lines.stored.text),
      "kinds": .string(JSONValue.array(found.map(\.stored)).text),
      "decisions": .string(decisions.stored.text),
      "retired": .string(
        JSONValue.array(
          retired.map {
            .object([
              "id": .string($0.id), "name": $0.name.map { .string($0) } ?? .null,
              "into": $0.into.map { .string($0) } ?? .null,
            ])
          }
        ).text),
      "training": .string(JSONValue.object(record.json).text),
    ]
    return SafetensorsFile(metadata: metadata, tensors: tensors()).bytes()
  }

  private func tensors() -> [StoredTensor] {
    let vocabulary = normal.vocabulary
    var tensors = [
      StoredTensor(
        name: "events.normal", shape: [vocabulary.normalEvents.count],
        int32s: vocabulary.normalEvents),
      StoredTensor(
        name: "events.known", shape: [vocabulary.knownEvents.count], int32s: vocabulary.knownEvents),
      StoredTensor(
        name: "normal.mean_state", shape: [normal.meanState.count], floats: normal.meanState),
      StoredTensor(name: "signature.scale", shape: [space.scale.count], floats: space.scale),
      StoredTensor(
        name: "kinds.centroids", shape: [found.count, space.dimension],
        floats: found.flatMap(\.centroid)),
    ]
    if known.count > 0 {
      tensors += [
        StoredTensor(
          name: "known.signatures", shape: [known.count, known.dimension], floats: known.values),
        StoredTensor(name: "known.reaches", shape: [known.count], doubles: known.reaches),
      ]
    }
    tensors += normal.network.tensors.map {
      StoredTensor(name: Self.basePrefix + $0.name, shape: $0.shape, floats: $0.values)
    }
    if let classifier {
      tensors += classifier.tensors.map {
        StoredTensor(name: Self.classifierPrefix + $0.name, shape: $0.shape, floats: $0.values)
      }
    }
    if let contrast = normal.contrast { tensors += contrast.tensors }
    return tensors + normal.counts.tensors(prefix: "counts.") + KindExample.tensors(foundExamples)
      + memory.tensors()
  }
}

extension Threshold {
  /// As the model file stores it: every bit of the score counts.
  var stored: JSONObject {
    [
      "score": .number(score), "average": .number(average), "run": .number(run),
      "drift": .number(drift), "contrast": .number(contrast), "doubt": .number(doubt),
      "target_rate": .number(targetRate),
      "measured_rate": .number(measuredRate),
      "upper_bound": .number(upperBound), "units": .integer(Int64(units)),
      "set_aside": .integer(Int64(setAside)),
    ]
  }

  /// Most normal units that a model file may speak of: shares of them stay whole numbers in Double.
  private static let unitLimit = 1 << 52

  /// Reads what ``stored`` wrote; nil for values that no training gives.
  init?(stored json: JSONValue) {
    guard let score = json["score"]?.double, let average = json["average"]?.double,
      let targetRate = json["target_rate"]?.double,
      let measuredRate = json["measured_rate"]?.double,
      let upperBound = json["upper_bound"]?.double,
      let units = json["units"]?.int, (0...Self.unitLimit).contains(units),
      [targetRate, measuredRate, upperBound].allSatisfy({ (0...1).contains($0) }),
      score.isFinite, average.isFinite
    else { return nil }
    // Older files know no units that were set aside, no runs and no contrast.
    let setAside = json["set_aside"]?.int ?? 0
    guard (0...Self.unitLimit).contains(setAside) else { return nil }
    let later = ["run", "drift", "contrast", "doubt"].map { json[$0]?.double ?? 0 }
    guard later.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
    self.init(
      score: score, average: average, targetRate: targetRate, measuredRate: measuredRate,
      upperBound: upperBound, units: units)
    self.setAside = setAside
    (run, drift, contrast, doubt) = (later[0], later[1], later[2], later[3])
  }
}
