// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "sequence-engine",
  dependencies: [.package(name: "birchlog", path: "../..")],
  targets: [
    .executableTarget(
      name: "sequence-engine",
      dependencies: [.product(name: "SequenceModel", package: "birchlog")],
      path: "Sources")
  ],
  swiftLanguageModes: [.v6]
)
