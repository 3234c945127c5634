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
  /// The kinds as stage 3 found them, without names: what the classifier tells apart.
  public let found: [Kind]
  /// What operators decided about them.
  public let decisions: KindDecisions
  /// The kinds as operators see them: the found ones, those that were merged as one.
  public let kinds: [Kind]
  /// The index in `kinds` of each found kind.
  let shownKind: [Int]
  /// Names the kind of a unit; nil where there are fewer than two kinds.
  public let classifier: KindClassifier?
  /// What signatures of the units that kinds were found from look like.
  let known: KnownSignatures
  /// How raw lines become events.
  public let lines: LineModel
  /// Distinct units that the kinds came from, each with the index of its kind in `kinds`.
  public let examples: [KindExample]
  /// The same, with indices in `found`.
  let foundExamples: [KindExample]
  /// What an update learns again beside what is new.
  public let memory: NormalMemory
  /// Kinds of earlier fits that are gone.
  public let retired: [RetiredKind]
  /// What training saw and measured, as ``describe()`` reports it.
  public let record: TrainingRecord
  let reasonMemory = ReasonMemory()
  /// What an anomalous unit may be of, and a normal one.
  let kindsOfAnomalous, kindsOfNormal: EligibleKinds

  init(
    options: Options, unitKind: Options.UnitKind, normal: NormalModel, threshold: Threshold,
    space: SignatureSpace, found: [Kind], decisions: KindDecisions, classifier: KindClassifier?,
    known: KnownSignatures = .init(), lines: LineModel, examples: [KindExample],
    memory: NormalMemory,
    retired: [RetiredKind],
    record: TrainingRecord
  ) {
    self.memory = memory
    self.options = options
    self.unitKind = unitKind
    self.normal = normal
    self.threshold = threshold
    self.space = space
    self.found = found
    self.decisions = decisions
    let shown = ShownKinds(
      found: found, decisions: decisions, examples: examples, vocabulary: normal.vocabulary,
      normalShare: space.normalShare)
    kinds = shown.kinds
    shownKind = shown.ofFound
    // Where the largest kind is the normal one, the network chooses among all.
    let isOpen = options.largestKindIsNormal
    kindsOfAnomalous = EligibleKinds(
      found.indices.filter { isOpen || !found[$0].isNormal }, shownKind: shown.ofFound)
    kindsOfNormal = EligibleKinds(
      found.indices.filter { isOpen || found[$0].isNormal }, shownKind: shown.ofFound)
    self.classifier = classifier
    self.known = known
    self.lines = lines
    foundExamples = examples
    self.examples = examples.map { example in
      var example = example
      example.kind = shown.ofFound[example.kind]
      return example
    }
    self.retired = retired
    self.record = record
  }
}

/// A kind that a refit did not find again.
public struct RetiredKind: Sendable, Equatable {
  public var id: String
  public var name: String?
  /// The kind that most of its units went to; nil when they went to none.
  public var into: String?
}
