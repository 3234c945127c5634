// swift-tools-version: 6.2
import PackageDescription

let root = Context.packageDirectory

let package = Package(
  name: "birchlog",
  products: [
    .library(name: "birchlog", type: .dynamic, targets: ["BirchlogABI", "BirchlogLink"]),
    .library(name: "CBirchlog", targets: ["CBirchlog"]),
    .library(name: "SequenceModel", targets: ["SequenceModel"]),
  ],
  targets: [
    .systemLibrary(name: "CJSONC", pkgConfig: "json-c", providers: [.apt(["libjson-c-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CBirchlog", path: ".", sources: ["Sources/CBirchlog/header.c"],
      publicHeadersPath: "include"),
    .target(name: "SIMDKernels"),
    .target(name: "Threading"),
    .target(
      name: "LogText", dependencies: ["SIMDKernels", "Threading", "CJSONC", "CPCRE2", "CZlib"]),
    .target(name: "SequenceModel", dependencies: ["SIMDKernels", "Threading"]),
    .target(name: "Birch", dependencies: ["SIMDKernels"]),
    .target(
      name: "Birchlog",
      dependencies: ["LogText", "SequenceModel", "Birch", "Threading", "CJSONC", "CZlib"]),
    .target(name: "BirchlogABI", dependencies: ["CBirchlog", "Birchlog"]),
    .target(
      name: "BirchlogLink",
      linkerSettings: [
        .unsafeFlags([
          "-static-stdlib",
          "-Xlinker", "--version-script=\(root)/birchlog.map",
          "-Xlinker", "-soname", "-Xlinker", "libbirchlog.so.0",
          "-Xlinker", "-z", "-Xlinker", "nodelete",
        ])
      ]
    ),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .testTarget(name: "SIMDKernelsTests", dependencies: ["SIMDKernels"]),
    .testTarget(name: "LogTextTests", dependencies: ["LogText"]),
    .testTarget(
      name: "SequenceModelTests", dependencies: ["SequenceModel"], exclude: ["reference"]),
    .testTarget(name: "BirchTests", dependencies: ["Birch"], exclude: ["reference"]),
    .testTarget(
      name: "BirchlogTests", dependencies: ["Birchlog", "AllocationCounter"],
      exclude: ["reference"]),
    .testTarget(name: "BirchlogABITests", dependencies: ["CBirchlog", "Birchlog", "BirchlogABI"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11
)
