// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

@c @implementation
public func birchlog_version() -> UnsafePointer<CChar>! { cString(BuildInfo.version) }

@c @implementation
public func birchlog_abi_version() -> UInt32 { BIRCHLOG_ABI_VERSION }

/// Made once, on first use, and kept for the life of the process.
private let buildInfo = Text(BuildInfo.json)

@c @implementation
public func birchlog_build_info() -> UnsafePointer<CChar>! { UnsafePointer(buildInfo.pointer) }

private let optionTable = Text(OptionTable.description.text)

@c @implementation
public func birchlog_option_table() -> UnsafePointer<CChar>! {
  UnsafePointer(optionTable.pointer)
}
