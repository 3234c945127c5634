// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "birchlog-cli",
  dependencies: [
    .package(name: "birchlog", path: "../.."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "birchlog-cli",
      dependencies: [
        .product(name: "birchlog", package: "birchlog"),
        .product(name: "CBirchlog", package: "birchlog"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources",
      linkerSettings: [.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../lib"])]
    )
  ],
  swiftLanguageModes: [.v6]
)
