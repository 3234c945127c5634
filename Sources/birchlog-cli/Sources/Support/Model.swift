import CBirchlog
import FoundationEssentials

/// An owned model of the library.
final class Model {
  let handle: OpaquePointer

  init(owning handle: OpaquePointer) {
    self.handle = handle
  }

  deinit {
    birchlog_model_free(handle)
  }

  /// Reads the model file at `path`.
  static func load(_ path: String) throws -> Model {
    var handle: OpaquePointer?
    try CommandFailure.check(birchlog_model_load(path, &handle))
    return try Model(owning: existing(handle))
  }

  /// Writes the model file in one step.
  func save(to path: String) throws {
    try CommandFailure.check(birchlog_model_save(handle, path))
  }

  /// What the model is, as JSON.
  func describeJSON() throws -> String {
    try Self.text { birchlog_model_describe(handle, $0) }
  }

  /// The kinds, as JSON.
  func kindsJSON() throws -> String {
    try Self.text { birchlog_model_kinds(handle, $0) }
  }

  /// What the model is.
  func describe() throws -> ModelDocument {
    try Documents.decode(ModelDocument.self, from: describeJSON())
  }

  /// The kinds.
  func kinds() throws -> KindsDocument {
    try Documents.decode(KindsDocument.self, from: kindsJSON())
  }

  /// Classifies files and hands each batch of verdicts to `receive` as it comes; a failure of `receive` ends the run.
  func classify(
    _ paths: [String], options: String?, receive: @escaping (Findings) throws -> Void
  ) throws {
    try FindingsReceiver.run(receive) { callback, context in
      CStrings.with(paths) { pointers, count in
        birchlog_classify_files(handle, pointers, count, options, callback, context)
      }
    }
  }

  /// Compares the verdicts on files with the truth; the result is JSON.
  func evaluateJSON(truth: String, _ paths: [String], options: String?) throws -> String {
    try CStrings.with(paths) { pointers, count in
      try Self.text { birchlog_model_evaluate(handle, truth, pointers, count, options, $0) }
    }
  }

  /// Writes signatures and kind numbers as NumPy files.
  func inspect(_ paths: [String], options: String?, features: String?, labels: String?) throws {
    try CommandFailure.check(
      CStrings.with(paths) { pointers, count in
        birchlog_model_inspect(handle, pointers, count, options, features, labels)
      })
  }

  /// The handle that a successful call must have given.
  static func existing(_ handle: OpaquePointer?) throws -> OpaquePointer {
    guard let handle else {
      throw CommandFailure(.input, "The library gave no result; please report this defect.")
    }
    return handle
  }

  /// The text that `call` puts into its output.
  static func text(
    _ call: (UnsafeMutablePointer<OpaquePointer?>) -> birchlog_status
  ) throws -> String {
    var text: OpaquePointer?
    try CommandFailure.check(call(&text))
    defer { birchlog_text_free(text) }
    return String(cString: birchlog_text_data(text))
  }
}
