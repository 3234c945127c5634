/// Everything that a training may be told, with the defaults that hold for every log.
///
/// Options travel as one JSON object (``OptionTable`` names each key) and are stored in the model,
/// so that classification reads logs as training did.
public struct Options: Sendable, Equatable {
  /// What one verdict is about.
  public enum UnitKind: String, Sendable, CaseIterable {
    /// The events that share a key, in order.
    case session
    /// A fixed number of consecutive events.
    case window
  }

  /// How an event enters the networks.
  public enum Input: String, Sendable, CaseIterable {
    /// A learned vector an event.
    case embedding
    /// One input an event.
    case onehot
    /// The event's number itself, as the paper prints it (`input_size=1`).
    case scalar
  }

  /// Which LSTM layers the classifier reads a unit with.
  public enum Encoder: String, Sendable, CaseIterable {
    /// Those of the model of normal, which do not learn with the classifier.
    case shared
    /// Layers of its own, as the paper has it.
    case own
  }

  /// Which blocks make up a unit's signature.
  public enum SignatureKind: String, Sendable, CaseIterable {
    /// How the unit departs from what was expected.
    case deviation
    /// The LSTM's hidden state, the paper's F.
    case hidden
    /// Both, one behind the other.
    case both
  }

  /// What makes a unit anomalous.
  public enum Detector: String, Sendable, CaseIterable {
    /// Its largest surprise lies above the calibrated threshold.
    case surprise
    /// Some event is not among the `topG` most probable ones (DeepLog's rule, the paper's).
    case topG = "top_g"
  }

  /// A named set of defaults.
  public enum Preset: String, Sendable, CaseIterable {
    case standard = "default"
    /// Everything as the paper prints it.
    case paper
  }

  /// The number of kinds.
  public enum KindCount: Sendable, Equatable {
    /// Chosen from the data.
    case automatic
    /// Given.
    case exactly(Int)
  }

  // What is read.
  public var format = "auto"
  public var session: String?
  public var textField: String?
  /// A field of records, or a part of the header of text, that holds the session key.
  public var keyField: String?
  /// Seconds without a line after which a new session begins, where lines have no key; 0 for none.
  public var gapSeconds = 0.0
  /// Expressions whose matches are values, whatever they look like.
  public var masks: [String] = []

  /// Lines are gathered into sessions.
  var formsSessions: Bool { session != nil || keyField != nil || namesSessionsByInput }
  /// A session is an input, or a stretch of one.
  var namesSessionsByInput: Bool { isSessionFile || gapSeconds > 0 }
  /// The session is named by a key that a line may lack.
  var needsKeys: Bool { formsSessions && !namesSessionsByInput }
  /// The option that says where the key is.
  var keyOption: String { session != nil ? "session" : "session_field" }
  /// What it says.
  var key: String { session ?? keyField ?? "" }
  public var header = "auto"
  /// Lines that are indented, look like a stack trace or lack the time belong to the line before.
  public var multiline = true
  public var templates: String?

  // The unit. Without a choice it is the session where lines have a key, else the window.
  public var unit: UnitKind?
  /// The session is a whole input: a file, or what is pushed until a stream is flushed.
  public var isSessionFile = false
  /// Events of context that a prediction sees, and of a window unit.
  public var window = 10
  /// Events between the starts of two window units.
  public var stride = 10

  // The networks.
  public var input = Input.embedding
  public var embeddingSize = 64
  public var hiddenSize = 128
  public var layers = 2
  public var dropout = 0.2
  public var encoder = Encoder.shared
  public var attentionHeads = 4
  /// Weights of the sequence, kind and consistency losses; they sum to 1.
  public var lossWeights = [0.3, 0.6, 0.1]
  public var epochs = 30
  /// Windows that a network of normal behaviour learns from at most, all epochs together: where long
  /// units give many different ones there are fewer epochs.
  public var trainingWindows = 600_000
  public var batchSize = 256
  public var learningRate = 0.003
  public var patience = 6

  // Detection.
  public var detector = Detector.surprise
  /// Share of normal units that may be called anomalous.
  public var falsePositiveRate = 0.005
  public var topG = 9

  // Kinds.
  /// Whether what sets unlabelled input apart from normal behaviour may count beside what is odd.
  public var contrast = true
  public var signature = SignatureKind.deviation
  /// What the blocks of a deviation weigh beside each other: rare events, surprises, numbers of
  /// events.
  public var signatureWeights = [1, 1, 0.25]
  public var kinds = KindCount.automatic
  /// Radius of a leaf entry; nil lets the tree choose.
  public var clusterThreshold: Double?
  public var branching = 50
  public var distance = "d2"
  /// The largest kind is read as normal (the paper's rule), instead of the kinds whose units score
  /// below the threshold.
  public var largestKindIsNormal = false

  // An update.
  /// Units after which what was learned before weighs half; 0 for never.
  public var halfLife = 0.0

  // The stream.
  public var idleSeconds = 300.0
  public var maxSessions = 65_536
  public var maxBytes = 64 << 20
  /// Bytes of raw lines that are kept of an input that cannot be read again; never stored.
  public var lineMemory = 0
  /// What findings on pushed lines name as their source; never stored.
  public var source: String?

  // The run.
  public var preset = Preset.standard
  public var seed: UInt64 = 1
  /// File in which a training keeps what it needs to go on after it was stopped; never stored.
  public var checkpoint: String?
  public var threads = 0

  public init() {}

  /// The defaults of a preset.
  ///
  /// `paper` is the printed recipe: the event's number as the only input, windows of 10 one event
  /// apart, hidden states as features, BIRCH with threshold 0.5 and branching 50 into 4 kinds, the
  /// largest read as normal, top-9 detection.
  public init(preset: Preset) {
    self.preset = preset
    guard preset == .paper else { return }
    unit = .window
    stride = 1
    input = .scalar
    encoder = .own
    signature = .hidden
    detector = .topG
    kinds = .exactly(4)
    clusterThreshold = 0.5
    distance = "d0"
    largestKindIsNormal = true
  }
}
