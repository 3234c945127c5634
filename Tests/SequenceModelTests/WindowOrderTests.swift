import Testing

@testable import SequenceModel

/// What windows have in common is computed once, and nothing else may change by that.
@Suite struct WindowOrderTests {
  private func windows(_ order: WindowOrder) -> [[Int32]] {
    order.rows.map { row in
      Array(order.tokens[Int(row) * order.length..<(Int(row) + 1) * order.length])
    }
  }

  @Test(arguments: [(3, 4), (5, 1), (2, 9), (5000, 3)])
  func windowsAreOrderedAndTheirCommonBeginningsCounted(vocabulary: Int, length: Int) {
    let given = randomWindows(count: 200, length: length, vocabularySize: vocabulary, seed: 1)
    let order = WindowOrder(tokens: given.tokens, length: length)
    let sorted = windows(order)
    #expect(Set(order.rows).count == 200)
    for place in 1..<200 {
      let (before, own) = (sorted[place - 1], sorted[place])
      #expect(before == own || before.lexicographicallyPrecedes(own))
      if before == own { #expect(order.rows[place - 1] < order.rows[place]) }
      let same = zip(before, own).prefix { $0 == $1 }.count
      #expect(Int(order.shared[place]) == same)
    }
    var prefixes = Set<[Int32]>()
    for window in sorted { for end in 1...length { prefixes.insert(Array(window[..<end])) } }
    #expect(order.prefixCount(0..<200) == prefixes.count)
  }

  @Test func noWindowsHaveAnOrderToo() {
    #expect(WindowOrder(tokens: [], length: 3).count == 0)
    #expect(ChunkPlan.chunks(WindowOrder(tokens: [], length: 3), threads: 2).isEmpty)
  }

  @Test(arguments: [1, 2, 7]) func chunksCoverEveryPlaceAndFitTheirWorkspace(vocabulary: Int) {
    for count in [1, 5, 48, 700] {
      let given = randomWindows(count: count, length: 6, vocabularySize: vocabulary, seed: 2)
      let order = WindowOrder(tokens: given.tokens, length: 6)
      let capacity = ChunkCapacity(count: count, length: 6)
      let plans = [
        ChunkPlan.chunks(order, threads: 1), ChunkPlan.chunks(order, threads: 3),
        ChunkPlan(order, laneLimit: 8).lanes.flatMap { $0 },
      ]
      for chunks in plans {
        #expect(chunks.flatMap { Array($0) } == Array(0..<count))
        for chunk in chunks {
          #expect(chunk.count <= capacity.rows)
          #expect(order.prefixCount(chunk) <= capacity.steps)
        }
      }
      #expect(
        ChunkPlan(order, laneLimit: 8).lanes.count
          <= ChunkPlan.laneCount(steps: count * 6, laneLimit: 8))
    }
  }

  @Test func aTreeLeadsEveryWindowThroughItsOwnTokens() throws {
    let model = try NextEventModel(
      configuration: NextEventConfiguration(vocabularySize: 3, hiddenSize: 16), seed: 1)
    let given = randomWindows(count: 40, length: 5, vocabularySize: 3, seed: 3)
    let order = WindowOrder(tokens: given.tokens, length: 5)
    let work = LSTMWorkspace(
      shape: model.shape.lstm, capacity: ChunkCapacity(count: 40, length: 5), length: 5,
      training: false)
    for places in [0..<40, 7..<19, 39..<40] {
      work.load(order, places: places)
      #expect(work.nodeCount == order.prefixCount(places))
      for (index, place) in places.enumerated() {
        let tokens = work.withPath(to: Int(work.leaves[index])) { path in
          (0..<5).map { work.tokens[path[$0]] }
        }
        let start = Int(order.rows[place]) * 5
        #expect(tokens == Array(given.tokens[start..<start + 5]))
      }
    }
  }

  @Test func sharingBeginningsChangesNoBitOfAnAnswer() throws {
    let model = try NextEventModel(
      configuration: NextEventConfiguration(vocabularySize: 3, hiddenSize: 24), seed: 5)
    let given = randomWindows(count: 130, length: 6, vocabularySize: 3, seed: 6)
    let together = try model.infer(tokens: given.tokens, length: 6, threads: 2)
    for row in 0..<130 {
      let alone = try model.infer(tokens: Array(given.tokens[row * 6..<row * 6 + 6]), length: 6)
      #expect(Array(together.logProbabilities[row * 3..<row * 3 + 3]) == alone.logProbabilities)
      #expect(Array(together.hiddenStates[row * 24..<row * 24 + 24]) == alone.hiddenStates)
    }
  }

  @Test(arguments: [0, 2]) func aClassifiersAnswersDoNotDependOnTheWindowsBeside(heads: Int) throws
  {
    let configuration = KindClassifierConfiguration(
      vocabularySize: 3, featureSize: 4, kindCount: 3, hiddenSize: 16, attentionHeads: heads)
    let model = try KindClassifier(configuration: configuration, seed: 5)
    let given = randomExamples(count: 90, length: 4, configuration, seed: 6)
    let together = try model.infer(
      tokens: given.tokens, length: 4, features: given.features, threads: 2)
    for row in 0..<90 {
      let alone = try model.infer(
        tokens: Array(given.tokens[row * 4..<row * 4 + 4]), length: 4,
        features: Array(given.features[row * 4..<row * 4 + 4]))
      #expect(Array(together.kindLogits[row * 3..<row * 3 + 3]) == alone.kindLogits)
      #expect(Array(together.sequenceLogits[row * 3..<row * 3 + 3]) == alone.sequenceLogits)
      #expect(
        Array(together.attention[row * heads * 4..<(row + 1) * heads * 4]) == alone.attention)
    }
  }

  @Test func aSharedGradientIsTheSumOfTheWindowsOwn() throws {
    let model = try NextEventModel(
      configuration: NextEventConfiguration(vocabularySize: 3, hiddenSize: 16, dropout: 0), seed: 7)
    let given = randomWindows(count: 60, length: 5, vocabularySize: 3, seed: 8)
    let values = model.parameters.values
    let shared = GradientProbe(model, given).gradient(at: values)
    var sum = [Double](repeating: 0, count: values.count)
    let total = given.weights.reduce(0, +)
    for row in 0..<60 {
      let window = WeightedWindows(
        length: 5, tokens: Array(given.tokens[row * 5..<row * 5 + 5]),
        targets: [given.targets[row]], weights: [1])
      let own = GradientProbe(model, window).gradient(at: values).gradient
      for index in own.indices { sum[index] += Double(given.weights[row] / total * own[index]) }
    }
    #expect(largestDifference(shared.gradient, sum.map { Float($0) }) < 2e-7)
  }
}
