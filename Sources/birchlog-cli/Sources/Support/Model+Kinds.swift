import CBirchlog

/// What operators do with kinds: each edit gives a new model.
extension Model {
  /// One kind, as JSON.
  func kindJSON(_ kind: String) throws -> String {
    try Self.text { birchlog_model_kinds_show(handle, kind, $0) }
  }

  /// One kind. An id that no kind has is an error which names those there are.
  func kind(_ id: String) throws -> KindDocument {
    try Documents.decode(KindDocument.self, from: kindJSON(id))
  }

  /// What was done to the kinds.
  func journal() throws -> JournalDocument {
    let json = try Self.text { birchlog_model_kinds_journal(handle, $0) }
    return try Documents.decode(JournalDocument.self, from: json)
  }

  /// A model in which `kind` carries `name`; nil takes the name away.
  func naming(_ kind: String, _ name: String?) throws -> Model {
    try Self.edited { birchlog_model_name_kind(handle, kind, name, $0) }
  }

  func noting(_ kind: String, _ text: String) throws -> Model {
    try Self.edited { birchlog_model_kinds_note(handle, kind, text, $0) }
  }

  func marking(_ kind: String, _ isMarked: Bool) throws -> Model {
    try Self.edited { birchlog_model_kinds_mark_normal(handle, kind, isMarked ? 1 : 0, $0) }
  }

  func merging(_ kinds: [String]) throws -> Model {
    try CStrings.with(kinds) { pointers, count in
      try Self.edited { birchlog_model_kinds_merge(handle, pointers, count, $0) }
    }
  }

  func splitting(_ kind: String, _ exemplars: [String]) throws -> Model {
    try CStrings.with(exemplars) { pointers, count in
      try Self.edited { birchlog_model_kinds_split(handle, kind, pointers, count, $0) }
    }
  }

  func undoing(_ verb: String, _ kind: String) throws -> Model {
    try Self.edited { birchlog_model_kinds_undo(handle, kind, verb, $0) }
  }

  /// Names, notes, merges and marks for another model, as JSON.
  func exportedKinds() throws -> String {
    try Self.text { birchlog_model_kinds_export(handle, $0) }
  }

  /// A model with what another one exported, and the report, as JSON.
  func importingKinds(_ exported: [UInt8]) throws -> (model: Model, report: String) {
    var edited: OpaquePointer?
    let report = try exported.withUnsafeBytes { bytes in
      try Self.text {
        birchlog_model_kinds_import(
          handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, $0, &edited)
      }
    }
    return (try Model(owning: Self.existing(edited)), report)
  }

  private static func edited(
    _ call: (UnsafeMutablePointer<OpaquePointer?>) -> birchlog_status
  ) throws -> Model {
    var edited: OpaquePointer?
    try CommandFailure.check(call(&edited))
    return try Model(owning: existing(edited))
  }
}
