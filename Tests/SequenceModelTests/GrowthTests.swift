import Testing

@testable import SequenceModel

@Suite struct GrowthTests {
  @Test(arguments: [InputEncoding.embedding(dimension: 5), .oneHot])
  func aGrownNetworkSaysTheSameOfTheTokensItKnew(_ encoding: InputEncoding) throws {
    let model = try NextEventModel(
      configuration: .init(
        inputEncoding: encoding, vocabularySize: 6, hiddenSize: 8, layerCount: 2, dropout: 0),
      seed: 3)
    // Two tokens are put between the others; both begin as token 5.
    let sources: [Int32] = [0, 1, 5, 2, 3, 4, 5, 5]
    let places: [Int32] = [0, 1, 3, 4, 5, 7]
    let grown = try model.rearranged(tokens: sources)
    let windows: [Int32] = [0, 1, 2, 3, 4, 5, 5, 1, 2]
    let old = try model.infer(tokens: windows, length: 3)
    let new = try grown.infer(tokens: windows.map { places[Int($0)] }, length: 3)
    #expect(old.hiddenStates == new.hiddenStates)
    for row in 0..<3 {
      for token in 0..<6 {
        let before = old.logProbabilities[row * 6 + token] - old.logProbabilities[row * 6]
        let after =
          new.logProbabilities[row * 8 + Int(places[token])] - new.logProbabilities[row * 8]
        #expect(abs(before - after) < 1e-5)
      }
    }
    let replaced = try grown.infer(tokens: [1, 2, 6], length: 3)
    let unseen = try grown.infer(tokens: [1, 7, 7], length: 3)
    #expect(replaced.hiddenStates == unseen.hiddenStates)
  }

  @Test func lossIsThatOfTrainingsValidation() throws {
    var model = try NextEventModel(
      configuration: .init(
        inputEncoding: .oneHot, vocabularySize: 4, hiddenSize: 8, layerCount: 1, dropout: 0),
      seed: 1)
    let windows = WeightedWindows(
      length: 2, tokens: [0, 1, 1, 2, 2, 3], targets: [2, 3, 1], weights: [3, 1, 0.5])
    var options = TrainingOptions.single
    options.maximumEpochs = 3
    let report = try model.train(windows, validation: windows, options: options)
    let best = try #require(report.bestValidationLoss)
    #expect(abs(try model.loss(windows) - best) < 1e-5)
    let none = WeightedWindows(length: 2, tokens: [], targets: [], weights: [])
    #expect(try model.loss(none) == 0)
  }

  @Test func sourcesThatAreNoTokensAreRefused() throws {
    let model = try NextEventModel(configuration: .init(vocabularySize: 4, hiddenSize: 8), seed: 1)
    #expect(throws: SequenceModelError.self) { try model.rearranged(tokens: [0, 4]) }
    #expect(throws: SequenceModelError.self) { try model.rearranged(tokens: [-1]) }
    #expect(throws: SequenceModelError.self) { try model.rearranged(tokens: []) }
  }
}
