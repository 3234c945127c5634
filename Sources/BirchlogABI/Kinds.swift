// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

@c @implementation
public func birchlog_model_kinds(
  _ model: OpaquePointer!, _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  tell(model, json) { model in model.describeKinds().text }
}

@c @implementation
public func birchlog_model_kinds_show(
  _ model: OpaquePointer!, _ kind: UnsafePointer<CChar>!,
  _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  tell(model, json) { model throws(BirchlogError) in try model.describe(kind: id(kind)).text }
}

@c @implementation
public func birchlog_model_kinds_journal(
  _ model: OpaquePointer!, _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  tell(model, json) { model in model.describeJournal().text }
}

@c @implementation
public func birchlog_model_name_kind(
  _ model: OpaquePointer!, _ kind: UnsafePointer<CChar>!, _ name: UnsafePointer<CChar>!,
  _ named: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  edit(model, named, "named") { model throws(BirchlogError) in
    let name = try Arguments.text(
      name, "name", limit: BIRCHLOG_MAX_NAME_LENGTH, "BIRCHLOG_MAX_NAME_LENGTH")
    return try model.naming(kind: id(kind), name)
  }
}

@c @implementation
public func birchlog_model_kinds_note(
  _ model: OpaquePointer!, _ kind: UnsafePointer<CChar>!, _ note: UnsafePointer<CChar>!,
  _ edited: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  edit(model, edited) { model throws(BirchlogError) in
    let note = try Arguments.text(
      Arguments.required(note, "note"), "note", limit: BIRCHLOG_MAX_NOTE_LENGTH,
      "BIRCHLOG_MAX_NOTE_LENGTH")
    return try model.noting(kind: id(kind), note ?? "")
  }
}

@c @implementation
public func birchlog_model_kinds_merge(
  _ model: OpaquePointer!, _ kinds: UnsafePointer<UnsafePointer<CChar>?>!, _ count: Int,
  _ edited: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  edit(model, edited) { model throws(BirchlogError) in
    try model.merging(Arguments.names(kinds, count, "kinds"))
  }
}

@c @implementation
public func birchlog_model_kinds_split(
  _ model: OpaquePointer!, _ kind: UnsafePointer<CChar>!,
  _ exemplars: UnsafePointer<UnsafePointer<CChar>?>!, _ count: Int,
  _ edited: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  edit(model, edited) { model throws(BirchlogError) in
    let exemplars = try Arguments.names(exemplars, count, "exemplars")
    return try model.splitting(kind: id(kind), exemplars: exemplars)
  }
}

@c @implementation
public func birchlog_model_kinds_mark_normal(
  _ model: OpaquePointer!, _ kind: UnsafePointer<CChar>!, _ marked: Int32,
  _ edited: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  edit(model, edited) { model throws(BirchlogError) in
    try model.marking(kind: id(kind), marked != 0)
  }
}

@c @implementation
public func birchlog_model_kinds_undo(
  _ model: OpaquePointer!, _ kind: UnsafePointer<CChar>!, _ verb: UnsafePointer<CChar>!,
  _ edited: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  edit(model, edited) { model throws(BirchlogError) in
    let verb = try Arguments.text(
      Arguments.required(verb, "verb"), "verb", limit: BIRCHLOG_MAX_NAME_LENGTH,
      "BIRCHLOG_MAX_NAME_LENGTH")
    return try model.undoing(verb ?? "", kind: id(kind))
  }
}

/// Hands out what is to be told of a model.
private func tell(
  _ model: OpaquePointer?, _ json: UnsafeMutablePointer<OpaquePointer?>?,
  _ body: (Model) throws(BirchlogError) -> String
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    let output = try Arguments.required(json, "json")
    output.pointee = Handle.make(Text(try body(model)))
  }
}

/// Runs an edit, which gives a new model.
private func edit(
  _ model: OpaquePointer?, _ output: UnsafeMutablePointer<OpaquePointer?>?,
  _ outputName: String = "edited", _ body: (Model) throws(BirchlogError) -> Model
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    let output = try Arguments.required(output, outputName)
    output.pointee = Handle.make(try body(model))
  }
}

/// The id of a kind.
private func id(_ kind: UnsafePointer<CChar>?) throws(BirchlogError) -> String {
  try Arguments.text(
    Arguments.required(kind, "kind"), "kind", limit: BIRCHLOG_MAX_NAME_LENGTH,
    "BIRCHLOG_MAX_NAME_LENGTH") ?? ""
}

@c @implementation
public func birchlog_model_kinds_export(
  _ model: OpaquePointer!, _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  tell(model, json) { model in model.exportKinds().text }
}

@c @implementation
public func birchlog_model_kinds_import(
  _ model: OpaquePointer!, _ json: UnsafePointer<CChar>!, _ length: Int,
  _ report: UnsafeMutablePointer<OpaquePointer?>!, _ edited: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    let output = try Arguments.required(edited, "edited")
    let text = try Arguments.bytes(
      json, length, "json", limit: BIRCHLOG_MAX_BUFFER_LENGTH, "BIRCHLOG_MAX_BUFFER_LENGTH")
    let result = try model.importingKinds(Array(text))
    output.pointee = Handle.make(result.model)
    report?.pointee = Handle.make(Text(result.report.json.text))
  }
}
