import SequenceModel
import Testing

@testable import Birchlog

/// A session that was not seen to end is no odder than the same one with a normal end.
@Suite struct OpenSessionTests {
  private let vocabulary = Vocabulary(normal: [1, 2, 3], all: [1, 2, 3])
  private let events: [Int32] = [1, 2, 3, 2]

  private func model(knowsEnds: Bool = true) throws -> NormalModel {
    var options = Options()
    (options.hiddenSize, options.embeddingSize, options.window) = (8, 4, 4)
    let units = (0..<20).map { _ in (unit: Unit(events: events, tail: .end), count: 1.0) }
    return NormalModel(
      vocabulary: vocabulary, window: 4,
      counts: CountProfile(units: units, vocabulary: vocabulary),
      meanState: [Float](repeating: 0, count: 8),
      network: try NextEventModel(
        configuration: options.networkConfiguration(vocabulary: vocabulary), seed: 3),
      knowsEnds: knowsEnds)
  }

  private func score(_ tail: Unit.Tail, by model: NormalModel) throws -> UnitScore {
    try #require(try model.score([Unit(events: events, tail: tail)], threads: 1).first)
  }

  @Test func anEndThatWasNotSeenSurprisesNobody() throws {
    let model = try model()
    var ended = try score(.end, by: model)
    // The most normal end there is.
    ended.surprises[ended.surprises.count - 1] = 0
    let silent = try score(.none, by: model)
    #expect(silent.average > ended.oddness)
    #expect(abs(silent.oddness - ended.oddness) < 1e-6)
    #expect(try score(.open, by: model).oddness == 0)
    // Nothing tips the scales: neither sign is larger.
    var threshold = Threshold(
      score: 5, average: silent.oddness, targetRate: 0.005, measuredRate: 0, upperBound: 1,
      units: 1)
    (threshold.run, threshold.drift) = (3, 1)
    #expect(threshold.score(of: silent) <= threshold.score(of: ended) + 1e-6)
    #expect(threshold.score(of: try score(.open, by: model)) <= threshold.score(of: ended))
  }

  @Test func noEndIsMissedWhereNoneWasLearned() throws {
    let silent = try score(.none, by: try model(knowsEnds: false))
    #expect(silent.oddness == silent.average)
  }

  @Test func theContrastIsTheSameWithAnEndAndWithout() throws {
    let examples = (0..<60).map { number in
      Contrast.Example(
        unit: Unit(
          events: (0..<8).map { Int32(($0 * (1 + number % 3) + number) % 9) }, tail: .end),
        isMixed: number % 2 == 1, weight: 1)
    }
    let contrast = try #require(Contrast(examples))
    for example in examples {
      var unit = example.unit
      let ended = contrast.score(of: unit)
      unit.tail = .none
      #expect(contrast.score(of: unit) == ended)
      // What goes on may yet be like either.
      unit.tail = .open
      #expect(contrast.score(of: unit) == 0)
    }
  }
}
