extension TrainingRecord {
  /// The record as `describe` shows it and the model file stores it.
  var json: JSONObject {
    [
      "sessions": .object([
        "normal": .integer(Int64(normalSessions)), "mixed": .integer(Int64(mixedSessions)),
      ]),
      "units": .object([
        "normal": .integer(Int64(normalUnits)), "mixed": .integer(Int64(mixedUnits)),
        "distinct": .integer(Int64(distinctUnits)), "ended": .integer(Int64(endedUnits)),
      ]),
      "lines": .object([
        "total": .integer(Int64(lines)), "keyless": .integer(Int64(keylessLines)),
      ]),
      "scores_ends": .bool(scoresEnds),
      "first_new_event": firstNewEvent.map { .integer(Int64($0)) } ?? .null,
      "windows": .object([
        "total": .integer(Int64(totalWindows)), "distinct": .integer(Int64(distinctWindows)),
      ]),
      "training": .object([
        "epochs": .integer(Int64(epochs)), "training_loss": .numbers(trainingLoss),
        "validation_loss": .numbers(validationLoss),
        "set_aside_share": setAsideShare.map { .number($0) } ?? .null,
      ]),
      "clustering": .object(clustering.json),
      "classifier": classifier.map { .object($0.json) } ?? .null,
      "updates": .array(updates.map(\.json)),
      "warnings": .array(warnings.map { .string($0) }),
      "session_proposal": proposal?.json ?? .null,
    ]
  }

  /// A count that sums and products of counts cannot make overflow, whatever a file says.
  private static func count(_ json: JSONValue?) -> Int { min(max(json?.int ?? 0, 0), 1 << 48) }

  /// Reads what ``json`` wrote; what is missing stays at its default.
  init(json: JSONValue) {
    self.init()
    normalSessions = Self.count(json["sessions"]?["normal"])
    mixedSessions = Self.count(json["sessions"]?["mixed"])
    normalUnits = Self.count(json["units"]?["normal"])
    mixedUnits = Self.count(json["units"]?["mixed"])
    distinctUnits = Self.count(json["units"]?["distinct"])
    endedUnits = Self.count(json["units"]?["ended"])
    lines = Self.count(json["lines"]?["total"])
    keylessLines = Self.count(json["lines"]?["keyless"])
    firstNewEvent = json["first_new_event"]?.int.flatMap { Int32(exactly: $0) }
    scoresEnds = json["scores_ends"]?.bool ?? true
    totalWindows = json["windows"]?["total"]?.double ?? 0
    distinctWindows = Self.count(json["windows"]?["distinct"])
    epochs = Self.count(json["training"]?["epochs"])
    trainingLoss = json["training"]?["training_loss"]?.doubles ?? []
    validationLoss = json["training"]?["validation_loss"]?.doubles ?? []
    setAsideShare = json["training"]?["set_aside_share"]?.double
    clustering = ClusteringRecord(json: json["clustering"] ?? .null)
    classifier = json["classifier"].flatMap(ClassifierRecord.init(json:))
    proposal = json["session_proposal"].flatMap(SessionProposal.init(json:))
    updates = (json["updates"]?.array ?? []).suffix(UpdateRecord.kept).map(UpdateRecord.init(json:))
    warnings = json["warnings"]?.array?.compactMap(\.string) ?? []
  }
}

extension ClusteringRecord {
  var json: JSONObject {
    [
      "k": .integer(Int64(chosen)), "entries": .integer(Int64(leafEntries)),
      "silhouette": .number(rounded(silhouette)),
      "curve": .array(
        curve.map { point in
          .object([
            "k": .integer(Int64(point.count)), "height": .number(rounded(point.height)),
            "gap": .number(rounded(point.gap)), "silhouette": .number(rounded(point.silhouette)),
            "stability": .number(rounded(point.stability)),
          ])
        }),
    ]
  }

  init(json: JSONValue) {
    self.init()
    chosen = json["k"]?.int ?? 0
    leafEntries = json["entries"]?.int ?? 0
    silhouette = json["silhouette"]?.double ?? 0
    curve = (json["curve"]?.array ?? []).map { point in
      Point(
        count: point["k"]?.int ?? 0, height: point["height"]?.double ?? 0,
        gap: point["gap"]?.double ?? 0,
        silhouette: point["silhouette"]?.double ?? 0, stability: point["stability"]?.double ?? 0)
    }
  }
}

extension ClassifierRecord {
  var json: JSONObject { json { [$0] } }

  /// - Parameter now: the ids under which the kind of a row is shown now.
  func json(_ now: (String) -> [String]) -> JSONObject {
    [
      "held_out": .integer(Int64(heldOut)), "accuracy": .number(rounded(accuracy)),
      "balanced_accuracy": .number(rounded(balancedAccuracy)),
      "constant_guess": .number(rounded(constantGuess)),
      "rows": .array(rows.map { .object($0.json(now($0.kind))) }),
      "weighted": .object([
        "precision": .number(rounded(weightedPrecision)),
        "recall": .number(rounded(weightedRecall)),
        "f1": .number(rounded(weightedF1)),
      ]),
      "calibration": .object([
        "temperature": .number(rounded(temperature)), "error": .number(rounded(calibrationError)),
        "beginnings": .integer(Int64(heldOutBeginnings)),
        "beginnings_error": .number(rounded(beginningsCalibrationError)),
      ]),
    ]
  }

  init?(json: JSONValue) {
    guard json.object != nil else { return nil }
    self.init()
    heldOut = json["held_out"]?.int ?? 0
    accuracy = json["accuracy"]?.double ?? 0
    balancedAccuracy = json["balanced_accuracy"]?.double ?? 0
    constantGuess = json["constant_guess"]?.double ?? 0
    rows = (json["rows"]?.array ?? []).map { row in
      Row(
        kind: row["kind"]?.string ?? "", precision: row["precision"]?.double ?? 0,
        recall: row["recall"]?.double ?? 0, f1: row["f1"]?.double ?? 0,
        support: row["support"]?.int ?? 0)
    }
    weightedPrecision = json["weighted"]?["precision"]?.double ?? 0
    weightedRecall = json["weighted"]?["recall"]?.double ?? 0
    weightedF1 = json["weighted"]?["f1"]?.double ?? 0
    temperature = json["calibration"]?["temperature"]?.double ?? 1
    calibrationError = json["calibration"]?["error"]?.double ?? 0
    heldOutBeginnings = json["calibration"]?["beginnings"]?.int ?? 0
    beginningsCalibrationError = json["calibration"]?["beginnings_error"]?.double ?? 0
  }
}

extension ClassifierRecord.Row {
  /// The row; where no held-out unit is of the kind, nothing was measured of it.
  fileprivate func json(_ now: [String]) -> JSONObject {
    func measured(_ value: Double) -> JSONValue { support > 0 ? .number(rounded(value)) : .null }
    var object: JSONObject = [
      "kind": .string(kind), "precision": measured(precision), "recall": measured(recall),
      "f1": measured(f1), "support": .integer(Int64(support)),
    ]
    if now != [kind] { object["now"] = .array(now.map { .string($0) }) }
    return object
  }
}

extension JSONValue {
  /// An array of numbers.
  static func numbers(_ values: [Double]) -> JSONValue {
    .array(values.map { .number(rounded($0)) })
  }

  /// The numbers of an array; nil when it is none or holds something else.
  var doubles: [Double]? {
    guard let array else { return nil }
    let values = array.compactMap(\.double)
    return values.count == array.count ? values : nil
  }
}
