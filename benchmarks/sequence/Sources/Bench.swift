import Glibc
import SequenceModel

/// The networks of the paper's size on windows from a file.
struct Bench {
  private var tokens: [Int32] = []
  private var length = 1
  private var vocabularySize = 1
  private var threads = 1
  private var count: Int { tokens.count / length }

  mutating func answer(_ words: [String]) throws -> String {
    switch words.first {
    case "windows":
      tokens = try readArray(words[1], of: Int32.self)
      length = try number(words[2])
      vocabularySize = try number(words[3])
      return "\(count)"
    case "threads":
      threads = try number(words[1])
      return "\(threads)"
    case "train":
      return try train(targets: readArray(words[1], of: Int32.self), batch: number(words[2]))
    case "infer":
      return try infer(batch: number(words[1]))
    case "classify":
      return try classify(
        batch: number(words[1]), features: number(words[2]), kinds: number(words[3]))
    case "cold":
      return try cold(count: number(words[1]), features: number(words[2]), kinds: number(words[3]))
    case "stage1":
      return try stage1(words)
    default:
      throw Failure("unknown command")
    }
  }

  private func options(batch: Int) -> TrainingOptions {
    var options = TrainingOptions()
    options.batchSize = batch
    options.threads = threads
    options.minimumStepsPerEpoch = 0
    options.maximumEpochs = 1
    return options
  }

  private func train(targets: [Int32], batch: Int) throws -> String {
    var model = try NextEventModel(
      configuration: NextEventConfiguration(vocabularySize: vocabularySize), seed: 1)
    let windows = WeightedWindows(
      length: length, tokens: tokens, targets: targets,
      weights: [Float](repeating: 1, count: count))
    let none = WeightedWindows(length: length, tokens: [], targets: [], weights: [])
    return try seconds {
      _ = try model.train(windows, validation: none, options: options(batch: batch))
    }
  }

  private func infer(batch: Int) throws -> String {
    let model = try NextEventModel(
      configuration: NextEventConfiguration(vocabularySize: vocabularySize), seed: 1)
    let parts = parts(batch)
    return try seconds {
      for part in parts {
        _ = try model.infer(tokens: part, length: length, threads: threads)
      }
    }
  }

  private func classifier(features: Int, kinds: Int) throws -> KindClassifier {
    try KindClassifier(
      configuration: KindClassifierConfiguration(
        vocabularySize: vocabularySize, featureSize: features, kindCount: kinds), seed: 1)
  }

  private func classify(batch: Int, features: Int, kinds: Int) throws -> String {
    let model = try classifier(features: features, kinds: kinds)
    let parts = parts(batch)
    let external = [Float](repeating: 0.1, count: batch * features)
    return try seconds {
      for part in parts {
        _ = try model.infer(
          tokens: part, length: length,
          features: Array(external[..<(part.count / length * features)]), threads: threads)
      }
    }
  }

  private func cold(count: Int, features: Int, kinds: Int) throws -> String {
    let model = try classifier(features: features, kinds: kinds)
    let external = [Float](repeating: 0.1, count: features)
    var times: [Double] = []
    for part in parts(1).prefix(count) {
      let start = now()
      _ = try model.infer(tokens: part, length: length, features: external)
      times.append((now() - start) * 1e6)
    }
    times.sort()
    return "\(times[times.count / 2]) \(times[times.count * 99 / 100])"
  }

  private func stage1(_ words: [String]) throws -> String {
    let training = WeightedWindows(
      length: length, tokens: tokens, targets: try readArray(words[1], of: Int32.self),
      weights: try readArray(words[2], of: Float.self))
    let validation = WeightedWindows(
      length: length, tokens: try readArray(words[3], of: Int32.self),
      targets: try readArray(words[4], of: Int32.self),
      weights: try readArray(words[5], of: Float.self))
    var options = options(batch: try number(words[6]))
    options.maximumEpochs = try number(words[7])
    options.patience = options.maximumEpochs
    options.learningRate = Float(words[8]) ?? 0
    options.seed = UInt64(try number(words[9]))
    // As the library sets it.
    options.minimumStepsPerEpoch = 10
    var curve: [String] = []
    let start = now()
    var model = try NextEventModel(
      configuration: NextEventConfiguration(
        inputEncoding: .embedding(dimension: 64), vocabularySize: vocabularySize),
      seed: options.seed)
    try model.train(training, validation: validation, options: options) { progress in
      // At the end of an epoch; within one, the loss is that of the epoch before.
      let done = progress.fraction * Double(progress.maximumEpochs)
      if let loss = progress.validationLoss, abs(done - Double(progress.epoch)) < 1e-9 {
        curve.append("\(now() - start) \(loss)")
      }
      return true
    }
    return curve.joined(separator: " ")
  }

  private func parts(_ batch: Int) -> [[Int32]] {
    stride(from: 0, to: count, by: batch).map {
      Array(tokens[($0 * length)..<(min($0 + batch, count) * length)])
    }
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

private func number(_ text: String) throws -> Int {
  guard let value = Int(text) else { throw Failure("\(text) is no number") }
  return value
}

private func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

private func seconds(_ body: () throws -> Void) rethrows -> String {
  let start = now()
  try body()
  return "\(now() - start)"
}

private func readArray<Element: BitwiseCopyable>(
  _ path: String, of type: Element.Type
) throws -> [Element] {
  guard let file = fopen(path, "rb") else { throw Failure("\(path) cannot be read") }
  defer { fclose(file) }
  fseek(file, 0, SEEK_END)
  let count = ftell(file) / MemoryLayout<Element>.stride
  rewind(file)
  return [Element](unsafeUninitializedCapacity: count) { buffer, filled in
    filled = fread(buffer.baseAddress, MemoryLayout<Element>.stride, count, file)
  }
}
