/// Sizes above which arguments are refused, so that no product of sizes overflows.
enum Limits {
  static let vocabularySize = 1 << 20
  static let width = 1 << 14
  static let layerCount = 64
  static let windowLength = 1 << 16
  static let parameterCount = 1 << 30
}

func requireOption(_ name: String, _ holds: Bool, _ allowed: String) throws(SequenceModelError) {
  if !holds { throw .invalidOption(name: name, allowed: allowed) }
}

func requireCount(_ name: String, _ found: Int, _ expected: Int) throws(SequenceModelError) {
  if found != expected { throw .wrongCount(name: name, expected: expected, found: found) }
}

func requireRange(_ name: String, _ values: [Int32], _ range: Range<Int>) throws(SequenceModelError)
{
  for index in values.indices where !range.contains(Int(values[index])) {
    throw .outOfRange(
      name: name, index: index, value: Int(values[index]), limit: range.upperBound)
  }
}

func requireFinite(_ name: String, _ values: [Float]) throws(SequenceModelError) {
  // An infinity or a NaN turns the sum of zero multiples into NaN, which needs no branch an
  // element.
  var sum: Float = 0
  for value in values { sum += value * 0 }
  if sum != 0 { throw .notFinite(name: name) }
}

/// The product, or an error when it does not fit an `Int`.
func product(_ name: String, _ a: Int, _ b: Int) throws(SequenceModelError) -> Int {
  let (result, overflow) = a.multipliedReportingOverflow(by: b)
  if overflow { throw .tooLarge(name: name) }
  return result
}

func requireTokens(
  _ tokens: [Int32], rows: Int, length: Int, vocabularySize: Int
) throws(SequenceModelError) {
  try requireOption(
    "length", (1...Limits.windowLength).contains(length), "1...\(Limits.windowLength)")
  try requireCount("tokens", tokens.count, try product("tokens", rows, length))
  try requireRange("tokens", tokens, 0..<vocabularySize)
}

func requireFeatures(
  _ features: [Float], rows: Int, featureSize: Int
) throws(SequenceModelError) {
  try requireCount("features", features.count, try product("features", rows, featureSize))
  try requireFinite("features", features)
}

func requireWeights(_ weights: [Float], rows: Int) throws(SequenceModelError) {
  try requireCount("weights", weights.count, rows)
  try requireFinite("weights", weights)
  var total = 0.0
  for weight in weights {
    if weight < 0 { throw .invalidWeights }
    total += Double(weight)
  }
  if rows > 0 && total <= 0 { throw .invalidWeights }
}
