// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

@c @implementation
public func birchlog_model_evaluate(
  _ model: OpaquePointer!, _ truth_path: UnsafePointer<CChar>!,
  _ paths: UnsafePointer<UnsafePointer<CChar>?>!, _ path_count: Int,
  _ options: UnsafePointer<CChar>!, _ json: UnsafeMutablePointer<OpaquePointer?>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    let output = try Arguments.required(json, "json")
    let truth = try Arguments.path(truth_path, "truth_path")
    let report = try model.evaluate(
      files: Arguments.paths(paths, path_count), truth: truth, options: Arguments.options(options))
    output.pointee = Handle.make(Text(report.text))
  }
}

@c @implementation
public func birchlog_model_inspect(
  _ model: OpaquePointer!, _ paths: UnsafePointer<UnsafePointer<CChar>?>!, _ path_count: Int,
  _ options: UnsafePointer<CChar>!, _ features_path: UnsafePointer<CChar>!,
  _ labels_path: UnsafePointer<CChar>!
) -> birchlog_status {
  guarded { () throws(BirchlogError) in
    let model: Model = try Handle.object(model, "model")
    try model.inspect(
      files: Arguments.paths(paths, path_count), options: Arguments.options(options),
      features: Arguments.optionalPath(features_path, "features_path"),
      labels: Arguments.optionalPath(labels_path, "labels_path"))
  }
}
