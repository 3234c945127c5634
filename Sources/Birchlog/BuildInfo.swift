import SequenceModel

/// What this build of the library is.
public enum BuildInfo {
  public static let version: StaticString = "0.1.0"

  /// Version, compiler and instruction set as a JSON object.
  public static var json: String {
    JSONValue.object([
      "version": .string("\(version)"), "compiler": .string("Swift 6"),
      "instruction_set": .string(SequenceModel.instructionSet),
    ]).text
  }
}
