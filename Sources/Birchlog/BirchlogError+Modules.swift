import Birch
import LogText
import SequenceModel

extension BirchlogError {
  /// A network's error, in the user's words.
  init(_ error: SequenceModelError) {
    switch error {
    case .cancelled: self = .cancelled
    case .diverged(let epoch):
      self = .numeric(
        "Training met a loss that is not finite in epoch \(epoch + 1); lower \"learning_rate\" and train again."
      )
    case .invalidOption(let name, let allowed):
      self = .option("Option \"\(name)\" must be \(allowed).")
    case .tooLarge(let name):
      self = .option(
        "The network is too large for this machine (\(name)); lower \"hidden_size\" or \"window\".")
    case .noExamples:
      self = .input("There is nothing to learn from: no unit has an event to predict.")
    case .missingTensor, .unexpectedTensor, .wrongShape, .notFinite, .wrongCount, .outOfRange,
      .invalidWeights:
      self = .internalDefect("the networks were given arguments that do not fit (\(error)).")
    }
  }

  /// A reading error, in the user's words.
  init(_ error: LogTextError) {
    switch error {
    case .notFound, .isDirectory, .permissionDenied, .readFailed: self = .io(error.message)
    case .invalidPattern, .missingGroup: self = .option(error.message)
    case .invalidState: self = .model(error.message)
    case .outOfMemory: self = .internalDefect(error.message)
    default: self = .input(error.message)
    }
  }

  /// A clustering error, in the user's words.
  init(_ error: BirchError) {
    self = .internalDefect("clustering failed: \(error.message)")
  }
}
