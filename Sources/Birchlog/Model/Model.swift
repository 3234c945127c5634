import LogText
import SequenceModel

/// Everything that was learned; never changes, and is shared by any number of threads.
public final class Model: Sendable {
  public let options: Options
  /// What a unit is: chosen by training where the options left it open.
  public let unitKind: Options.UnitKind
  public let normal: NormalModel
  public let threshold: Threshold
  public let space: SignatureSpace
  public let kinds: [Kind]
  /// Names the kind of a unit; nil where there are fewer than two kinds.
  public let classifier: KindClassifier?
  /// How raw lines become events.
  public let lines: LineModel
  /// Distinct units that the kinds came from.
  public let examples: [KindExample]
  /// Kinds of earlier fits that are gone.
  public let retired: [RetiredKind]
  /// What training saw and measured, as ``describe()`` reports it.
  public let record: TrainingRecord
  let reasonMemory = ReasonMemory()

  init(
    options: Options, unitKind: Options.UnitKind, normal: NormalModel, threshold: Threshold,
    space: SignatureSpace, kinds: [Kind], classifier: KindClassifier?, lines: LineModel,
    examples: [KindExample], retired: [RetiredKind], record: TrainingRecord
  ) {
    self.options = options
    self.unitKind = unitKind
    self.normal = normal
    self.threshold = threshold
    self.space = space
    self.kinds = kinds
    self.classifier = classifier
    self.lines = lines
    self.examples = examples
    self.retired = retired
    self.record = record
  }

  /// This model with other kinds' names.
  ///
  /// - Throws: `notFound` when there is no kind of that id.
  public func naming(kind id: String, _ name: String?) throws(BirchlogError) -> Model {
    var kinds = kinds
    guard let index = kinds.firstIndex(where: { $0.id == id }) else {
      let known = kinds.map(\.id).joined(separator: ", ")
      throw .notFound("There is no kind \"\(id)\"; the model has \(known).")
    }
    kinds[index].name = name?.isEmpty == true ? nil : name
    return Model(
      options: options, unitKind: unitKind, normal: normal, threshold: threshold, space: space,
      kinds: kinds, classifier: classifier, lines: lines, examples: examples, retired: retired,
      record: record)
  }
}

/// A kind that a refit did not find again.
public struct RetiredKind: Sendable, Equatable {
  public var id: String
  public var name: String?
  /// The kind that most of its units went to; nil when they went to none.
  public var into: String?
}
