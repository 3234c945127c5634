import ArgumentParser

/// Tells what a model is, or exports what it computed.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what a model is, or export signatures and kind numbers as NumPy files.",
    discussion: """
      Without --features and --labels the model is described. With them the units of the inputs are written, or, without \
      inputs, the distinct units that training clustered.

      Examples:
        birchlog inspect -m service.birchlog
        birchlog inspect -m service.birchlog mixed.log --features f.npy --labels l.npy
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model file.", valueName: "model"),
    completion: .file())
  var model: String

  @Argument(help: "Logs whose units are exported.", completion: .file())
  var input: [String] = []

  @Option(
    help: ArgumentHelp("Write signatures here: float32 [units, dimension].", valueName: "npy"))
  var features: String?

  @Option(help: ArgumentHelp("Write kind numbers here: int32 [units].", valueName: "npy"))
  var labels: String?

  @OptionGroup(title: "Reading (default: as the model was trained)") var reading: ReadingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if features == nil && labels == nil && !input.isEmpty {
      throw ValidationError("Inputs are only read for --features or --labels; give one of them.")
    }
    if let features, features == labels {
      throw ValidationError("--features and --labels name the same file; give them two.")
    }
  }

  func run() throws {
    let options = try reading.json()
    let model = try Model.load(self.model)
    if features != nil || labels != nil {
      try OutputFile.check(features, labels, apartFrom: input + [self.model])
      try write(features) { features in
        try write(labels) { labels in
          try model.inspect(input, options: options, features: features, labels: labels)
        }
      }
    } else if output.isForPeople {
      let view = ModelView(model: try model.describe(), kinds: try model.kinds(), path: self.model)
      StandardOutput.shared.write(view.text(for: .standardOutput))
    } else {
      StandardOutput.shared.write(try model.describeJSON() + "\n")
    }
  }

  private func write(_ path: String?, by make: (String?) throws -> Void) throws {
    guard let path else { return try make(nil) }
    try OutputFile.write(to: path) { try make($0) }
  }
}
