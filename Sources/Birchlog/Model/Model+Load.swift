import SequenceModel

extension Model {
  /// Longest model file that is read, in bytes.
  static let sizeLimit = 1 << 30

  /// Reads a model file.
  public convenience init(path: String) throws(BirchlogError) {
    try self.init(bytes: fileBytes(path, limit: Self.sizeLimit), name: path)
  }

  /// Reads a model from a file's bytes; every size and reference in them is checked.
  ///
  /// - Parameter name: what the messages call the file.
  public convenience init(bytes: [UInt8], name: String) throws(BirchlogError) {
    let reader = ModelReader(file: try SafetensorsFile(bytes: bytes, name: name), name: name)
    try reader.checkVersion(Self.formatVersion)
    let options = try reader.options()
    guard let unitKind = Options.UnitKind(rawValue: try reader.text("unit")) else {
      throw reader.damaged
    }
    let record = TrainingRecord(json: try reader.json("training"))
    let vocabulary = Vocabulary(
      normal: try reader.int32s("events.normal"), all: try reader.int32s("events.known"),
      firstNew: record.firstNewEvent)
    guard let threshold = Threshold(stored: try reader.json("threshold")) else {
      throw reader.damaged
    }
    let normal = try reader.normal(
      options: options, vocabulary: vocabulary,
      knowsEnds: unitKind == .session && record.scoresEnds)
    let space = SignatureSpace(
      kind: options.signature, unit: unitKind, vocabulary: vocabulary,
      normalShare: normal.counts.shares,
      hiddenSize: options.hiddenSize, weights: options.signatureWeights,
      scale: try reader.floats("signature.scale"))
    guard space.scale.count == space.dimension else { throw reader.damaged }
    let found = try reader.kinds(dimension: space.dimension)
    let examples = try reader.examples(kindCount: found.count)
    guard let lines = LineModel(stored: try reader.json("lines")) else { throw reader.damaged }
    self.init(
      options: options, unitKind: unitKind, normal: normal,
      threshold: threshold, space: space, found: found, decisions: try reader.decisions(),
      classifier: try reader.classifier(
        options: options, vocabulary: vocabulary, space: space,
        classes: try reader.classCount(found), encoder: normal.network),
      known: try reader.known(dimension: space.dimension),
      lines: lines, examples: examples, memory: try reader.memory(), retired: try reader.retired(),
      record: record)
  }
}

/// Takes a model apart from its container.
private struct ModelReader {
  let file: SafetensorsFile
  let name: String

  var damaged: BirchlogError {
    .model("\(name) is damaged: its parts do not fit together; train anew.")
  }

  func checkVersion(_ known: Int) throws(BirchlogError) {
    guard file.metadata["format"]?.string == "birchlog",
      let version = file.metadata["format_version"]?.string.flatMap({ Int($0) })
    else {
      throw .model(
        "\(name) is a safetensors file but not a Birchlog model; give a file that \"birchlog train\" wrote."
      )
    }
    guard version <= known else {
      throw .modelVersion(
        "\(name) has format version \(version), this library reads up to \(known); update the library."
      )
    }
    guard version >= 1 else { throw damaged }
  }

  func text(_ key: String) throws(BirchlogError) -> String {
    guard let text = file.metadata[key]?.string else { throw damaged }
    return text
  }

  func json(_ key: String) throws(BirchlogError) -> JSONValue {
    let text = try text(key)
    do { return try JSONValue(parsing: text) } catch { throw damaged }
  }

  func options() throws(BirchlogError) -> Options {
    let text = try text("options")
    do { return try Options(stored: text) } catch { throw damaged }
  }

  func floats(_ key: String) throws(BirchlogError) -> [Float] {
    guard let values = file.tensor(key)?.floats, values.allSatisfy(\.isFinite) else {
      throw damaged
    }
    return values
  }

  func doubles(_ key: String) throws(BirchlogError) -> [Double] {
    guard let values = file.tensor(key)?.doubles, values.allSatisfy(\.isFinite) else {
      throw damaged
    }
    return values
  }

  func int32s(_ key: String) throws(BirchlogError) -> [Int32] {
    guard let values = file.tensor(key)?.int32s, values.allSatisfy({ $0 >= 0 }) else {
      throw damaged
    }
    return values
  }

  func int64s(_ key: String) throws(BirchlogError) -> [Int64] {
    guard let values = file.tensor(key)?.int64s else { throw damaged }
    return values
  }

  func normal(
    options: Options, vocabulary: Vocabulary, knowsEnds: Bool
  ) throws(BirchlogError) -> NormalModel {
    let meanState = try floats("normal.mean_state")
    guard meanState.count == options.hiddenSize,
      let counts = CountProfile(
        pairs: try int32s("counts.pairs"), weights: try doubles("counts.weights"),
        total: try doubles("counts.total"), columnCount: vocabulary.knownEvents.count)
    else { throw damaged }
    do {
      let network = try NextEventModel(
        configuration: options.networkConfiguration(vocabulary: vocabulary),
        tensors: tensors(prefix: Model.basePrefix))
      var model = NormalModel(
        vocabulary: vocabulary, window: options.window, counts: counts, meanState: meanState,
        network: network, knowsEnds: knowsEnds)
      var isDamaged = false
      model.contrast = Contrast.read(file, isDamaged: &isDamaged)
      if isDamaged { throw damaged }
      return model
    } catch {
      throw damaged
    }
  }

  func classifier(
    options: Options, vocabulary: Vocabulary, space: SignatureSpace, classes: Int,
    encoder: NextEventModel
  ) throws(BirchlogError) -> KindClassifier? {
    let tensors = tensors(prefix: Model.classifierPrefix)
    guard !tensors.isEmpty else { return nil }
    do {
      return try KindClassifier(
        configuration: options.classifierConfiguration(
          vocabulary: vocabulary, featureSize: space.dimension, kindCount: classes),
        encoder: options.encoder == .shared ? encoder : nil, tensors: tensors)
    } catch {
      throw damaged
    }
  }

  func kinds(dimension: Int) throws(BirchlogError) -> [Kind] {
    let centroids = try floats("kinds.centroids")
    guard let stored = try json("kinds").array, centroids.count == stored.count * dimension else {
      throw damaged
    }
    var kinds: [Kind] = []
    for (index, json) in stored.enumerated() {
      let centroid = Array(centroids[(index * dimension)..<((index + 1) * dimension)])
      guard let kind = Kind(stored: json, centroid: centroid) else { throw damaged }
      kinds.append(kind)
    }
    guard Set(kinds.map(\.id)).count == kinds.count else { throw damaged }
    return kinds
  }

  /// A model of few anomalies, or of an earlier build, has none.
  func known(dimension: Int) throws(BirchlogError) -> KnownSignatures {
    guard file.tensor("known.signatures") != nil else { return KnownSignatures() }
    let (values, reaches) = (try floats("known.signatures"), try doubles("known.reaches"))
    guard (1...KnownSignatures.limit).contains(reaches.count), reaches.allSatisfy({ $0 > 0 }),
      values.count == reaches.count * dimension
    else { throw damaged }
    return KnownSignatures(dimension: dimension, values: values, reaches: reaches)
  }

  /// The number of the classifier's classes: each has a kind.
  func classCount(_ found: [Kind]) throws(BirchlogError) -> Int {
    let classes = Set(found.enumerated().map { $1.classIndex ?? $0 })
    guard let highest = classes.max() else { return 0 }
    guard let lowest = classes.min(), lowest >= 0, highest < found.count,
      classes.count == highest + 1
    else { throw damaged }
    return classes.count
  }

  /// What operators decided; in files of earlier versions names were all, and stood with the kinds.
  func decisions() throws(BirchlogError) -> KindDecisions {
    guard file.metadata["decisions"] == nil else {
      guard let decisions = KindDecisions(stored: try json("decisions")) else { throw damaged }
      return decisions
    }
    var decisions = KindDecisions()
    for kind in try json("kinds").array ?? [] {
      if let id = kind["id"]?.string, let name = kind["name"]?.string {
        decisions.change(id) { $0.name = name }
      }
    }
    return decisions
  }

  func retired() throws(BirchlogError) -> [RetiredKind] {
    (try json("retired").array ?? []).compactMap { json in
      json["id"]?.string.map {
        RetiredKind(id: $0, name: json["name"]?.string, into: json["into"]?.string)
      }
    }
  }

  func examples(kindCount: Int) throws(BirchlogError) -> [KindExample] {
    guard
      let examples = KindExample.read(
        events: try int32s("examples.events"), offsets: try int64s("examples.offsets"),
        fields: try int64s("examples.fields"),
        sessions: file.tensor("examples.sessions")?.bytes ?? [],
        kindCount: kindCount)
    else { throw damaged }
    return examples
  }

  /// A model of an earlier build has none, and cannot be updated.
  func memory() throws(BirchlogError) -> NormalMemory {
    guard file.tensor("normal.memory.events") != nil else { return NormalMemory() }
    guard let memory = NormalMemory(file) else { throw damaged }
    return memory
  }

  private func tensors(prefix: String) -> [Tensor] {
    file.tensors.compactMap { tensor in
      guard tensor.name.hasPrefix(prefix), let values = tensor.floats else { return nil }
      return Tensor(
        name: String(tensor.name.dropFirst(prefix.count)), shape: tensor.shape, values: values)
    }
  }
}
