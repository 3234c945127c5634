import SequenceModel

/// What an update of stage 1 made.
struct NormalUpdate {
  var model: NormalModel
  var threshold: Threshold
  var memory: NormalMemory
  /// Mean loss over the remembered windows before and after, in nats.
  var lossBefore = 0.0
  var lossAfter = 0.0
  /// The same over the windows of new normal units.
  var newLossBefore = 0.0
  var newLossAfter = 0.0
  /// Whether the network went on learning; false where it knew the new behaviour already.
  var isTuned = false
}

/// Stage 1 goes on from a network that is there: it learns new normal behaviour together with what is
/// remembered of the old (replay), so that the old is not forgotten.
struct NormalUpdater {
  /// What runs were counted beyond when what is remembered was scored.
  let drift: Double
  /// Whether the contrast is weighed.
  let weighsContrast: Bool
  let base: NormalModel
  /// What is remembered, aged.
  let memory: NormalMemory
  /// How much less the old weighs in counts.
  let ageing: Double
  /// Normal units that the training took for anomalous, aged: no sample speaks for them.
  let lost: Double
  /// The share of the new normal units that the model calls anomalous.
  let oddShare: Double
  /// With the vocabulary that the updated network will have.
  let trainer: NormalTrainer

  private var options: Options { trainer.options }
  private var vocabulary: Vocabulary { trainer.vocabulary }

  /// The loss over what is remembered may rise by this part.
  static let largestRise = 0.02
  /// Weights of the old beside the new that are tried one after the other until the old is kept.
  private static let replayWeights = [1.0, 4, 16, 64]
  /// A network that is there needs this part of the epochs of a new one, and of its learning rate.
  private static let epochFraction = 4
  private static let rateFraction: Float = 1 / 3
  /// What learning has to take off the loss over new units that it did not see, as a part and in nats;
  /// less is not worth what the old may lose.
  private static let leastGain = (part: 0.02, nats: 0.002)

  /// - Parameters:
  ///   - fresh: new normal units.
  ///   - saidShares: the part of each that was said to be normal.
  func update(
    with fresh: [NormalMemory.Example], saidShares: [Double]
  ) throws(BirchlogError) -> NormalUpdate {
    let units = fresh.map { (unit: $0.unit, count: $0.count) }
    let grown = try grownNetwork()
    var model = NormalModel(
      vocabulary: vocabulary, window: base.window,
      counts: base.counts.grown(
        from: base.vocabulary, to: vocabulary, factor: ageing, adding: units),
      meanState: base.meanState, network: grown, knowsEnds: base.knowsEnds)
    model.contrast = base.contrast
    let old = trainer.windows(memory.examples, without: nil).windows
    let new = trainer.windows(fresh, without: nil).windows
    var update = NormalUpdate(
      model: model,
      threshold: Threshold(
        samples: memory.samples, drift: drift, rate: options.falsePositiveRate, lost: lost,
        weighsContrast: weighsContrast),
      memory: memory)
    update.lossBefore = try lossBefore()
    update.newLossBefore = try loss(grown, new)
    update.lossAfter = update.lossBefore
    update.newLossAfter = update.newLossBefore
    guard !fresh.isEmpty else { return update }

    let trial = try trial(grown, fresh)
    if let trial, !trial.helps {
      model.meanState = try trainer.meanState(of: model, examples: memory.examples + fresh)
      let held = try model.score(fresh.map(\.unit), threads: trainer.threads, standing: .heldOut)
      let samples = zip(zip(fresh, saidShares), held).map {
        HeldOut(
          sample: .init($1, drift: drift, count: Int($0.0.count)), saidShare: $0.1)
      }
      finish(&update, model: model, fresh: fresh, held: samples)
      return update
    }
    update.isTuned = true
    var weight = 1.0
    for (run, replay) in Self.replayWeights.enumerated() {
      weight = replay
      model.network = try tuned(grown, fresh, without: nil, replay: replay, run: 1 + run)
      update.lossAfter = try loss(model.network, old)
      if update.lossAfter <= update.lossBefore * (1 + Self.largestRise) { break }
    }
    update.newLossAfter = try loss(model.network, new)
    model.meanState = try trainer.meanState(of: model, examples: memory.examples + fresh)
    let held = try heldOut(
      fresh, saidShares, model: model, grown: grown, replay: weight,
      trial: weight == 1 ? trial : nil)
    finish(&update, model: model, fresh: fresh, held: held)
    return update
  }

  /// A new normal unit, scored by a network that had not seen it.
  private struct HeldOut {
    var sample: Threshold.Sample
    /// The part of its count that was said to be normal.
    var saidShare: Double
  }

  private func finish(
    _ update: inout NormalUpdate, model: NormalModel, fresh: [NormalMemory.Example],
    held: [HeldOut]
  ) {
    let samples = held.map(\.sample)
    let threshold = Threshold(
      samples: memory.samples + samples, drift: drift, rate: options.falsePositiveRate, lost: lost,
      weighsContrast: weighsContrast)
    // What was not said to be normal was chosen by surprising little: it must not hide what was.
    let groups = [held.map(\.saidShare), held.map { 1 - $0.saidShare }]
    update.model = model
    update.threshold = threshold
    update.memory = NormalMemory(
      examples: joined(memory.examples, fresh), samples: memory.samples + samples,
      usual: memory.usual
        + groups.compactMap { UsualSurprise(samples, shares: $0, threshold: threshold) })
  }

  /// A network that learned all new units but those of a fold.
  private struct Trial {
    var fold: Int
    var network: NextEventModel
    /// Whether that made the fold's units less surprising.
    var helps: Bool
  }

  /// Finds out whether learning helps with new units that it does not see; nil where there is no
  /// question: an event is new to normal behaviour, the model takes more of the units for anomalous than
  /// it may, or they are too few to hold any out.
  private func trial(
    _ grown: NextEventModel, _ fresh: [NormalMemory.Example]
  ) throws(BirchlogError) -> Trial? {
    guard vocabulary.normalEvents == base.vocabulary.normalEvents,
      oddShare <= options.falsePositiveRate, let fold = trainer.usableFolds(fresh).first
    else { return nil }
    var windows = TrainingWindows(vocabulary: vocabulary, window: base.window)
    for example in fresh { windows.add(example.unit, count: Double(example.counts[fold])) }
    guard windows.count > 0 else { return nil }
    let before = try loss(grown, windows.windows)
    let network = try tuned(grown, fresh, without: fold, replay: 1, run: 0)
    let after = try loss(network, windows.windows)
    return Trial(
      fold: fold, network: network,
      helps: before - after > max(Self.leastGain.part * before, Self.leastGain.nats))
  }

  /// Scores new normal units by networks that learned all but their fold.
  ///
  /// - Parameter trial: has the network of one fold already.
  private func heldOut(
    _ fresh: [NormalMemory.Example], _ saidShares: [Double], model: NormalModel,
    grown: NextEventModel, replay: Double, trial: Trial?
  ) throws(BirchlogError) -> [HeldOut] {
    var held: [HeldOut] = []
    for (run, fold) in trainer.usableFolds(fresh).enumerated() {
      var model = model
      if let trial, trial.fold == fold {
        model.network = trial.network
      } else {
        model.network = try tuned(
          grown, fresh, without: fold, replay: replay, run: 1 + Self.replayWeights.count + run)
      }
      let places = fresh.indices.filter { fresh[$0].counts[fold] > 0 }
      let scores = try model.score(
        places.map { fresh[$0].unit }, threads: trainer.threads, standing: .heldOut)
      for (place, score) in zip(places, scores) {
        held.append(
          HeldOut(
            sample: .init(score, drift: drift, count: Int(fresh[place].counts[fold])),
            saidShare: saidShares[place]))
      }
    }
    return held
  }

  /// The network with the new vocabulary: a new event begins as the unseen one it was.
  private func grownNetwork() throws(BirchlogError) -> NextEventModel {
    let before = base.vocabulary
    let sources = (0..<vocabulary.tokenCount).map { token -> Int32 in
      let token = Int32(truncatingIfNeeded: token)
      if token == Vocabulary.padding { return Vocabulary.padding }
      if token == vocabulary.end { return before.end }
      if token == vocabulary.unseen { return before.unseen }
      return vocabulary.event(of: token).map(before.token(of:)) ?? before.unseen
    }
    do { return try base.network.rearranged(tokens: sources) } catch { throw .init(error) }
  }

  /// Networks that an update may have to tune: the trial, one for each weight, and one for each fold.
  private static let runs = 1 + replayWeights.count + UnitStore.foldCount

  /// A network that went on learning, from new units and, at a weight, from what is remembered.
  private func tuned(
    _ network: NextEventModel, _ fresh: [NormalMemory.Example], without fold: Int?, replay: Double,
    run: Int
  ) throws(BirchlogError) -> NextEventModel {
    var windows = trainer.windows(fresh, without: fold)
    for example in memory.examples { windows.add(example.unit, count: example.count * replay) }
    var tuning = options.trainingOptions(
      vocabulary: vocabulary, epochs: max(2, options.epochs / Self.epochFraction),
      threads: trainer.threads)
    tuning.learningRate *= Self.rateFraction
    var network = network
    do {
      try network.train(
        windows.windows,
        validation: TrainingWindows(vocabulary: vocabulary, window: base.window)
          .windows, options: tuning, progress: { trainer.progress($0, run, Self.runs) })
    } catch {
      throw .init(error)
    }
    return network
  }

  /// The loss over what is remembered, as the network and its vocabulary were.
  private func lossBefore() throws(BirchlogError) -> Double {
    var windows = TrainingWindows(vocabulary: base.vocabulary, window: base.window)
    for example in memory.examples { windows.add(example.unit, count: example.count) }
    return try loss(base.network, windows.windows)
  }

  private func loss(
    _ network: NextEventModel, _ windows: WeightedWindows
  ) throws(BirchlogError) -> Double {
    do { return try network.loss(windows, threads: trainer.threads) } catch { throw .init(error) }
  }

  /// Equal units once, their counts added.
  private func joined(
    _ old: [NormalMemory.Example], _ new: [NormalMemory.Example]
  ) -> [NormalMemory.Example] {
    var result = old
    var places: [Unit: Int] = [:]
    for (index, example) in old.enumerated() { places[example.unit] = index }
    for example in new {
      if let place = places[example.unit] {
        result[place].counts &+= example.counts
      } else {
        places[example.unit] = result.count
        result.append(example)
      }
    }
    return result
  }
}
