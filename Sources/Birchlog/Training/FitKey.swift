import SequenceModel

/// Names one training of one network by everything that its outcome depends on.
struct FitKey {
  private var hash = StableHash()

  /// The key of a fit: its options (threads change nothing) and how many epochs it may have.
  init(_ network: String, options: Options, epochs: Int) {
    hash.add(Array(network.utf8))
    hash.add(Array("\(BuildInfo.version)".utf8))
    hash.add(Array(instructionSet.utf8))
    hash.add(Array(options.json.text.utf8))
    hash.add(UInt64(truncatingIfNeeded: epochs))
  }

  var value: UInt64 { hash.value }

  mutating func add(_ windows: WeightedWindows) {
    add(windows.tokens)
    add(windows.targets)
    add(windows.weights)
  }

  mutating func add(_ examples: ClassifierExamples) {
    add(examples.tokens)
    add(examples.nextTokens)
    add(examples.kinds)
    add(examples.features)
    add(examples.weights)
  }

  mutating func add(_ network: NextEventModel) {
    for tensor in network.tensors { add(tensor.values) }
  }

  private mutating func add(_ values: [Int32]) {
    hash.add(UInt64(truncatingIfNeeded: values.count))
    for value in values { hash.add(UInt64(UInt32(bitPattern: value))) }
  }

  private mutating func add(_ values: [Float]) {
    hash.add(UInt64(truncatingIfNeeded: values.count))
    for value in values { hash.add(UInt64(value.bitPattern)) }
  }
}
