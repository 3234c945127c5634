// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog

/// The host's function and what it wants back; the host answers for both being fit for any thread.
private struct LogTarget: @unchecked Sendable {
  let callback: birchlog_log_callback
  let context: UnsafeMutableRawPointer?
}

@c @implementation
public func birchlog_set_log_callback(
  _ callback: birchlog_log_callback!, _ context: UnsafeMutableRawPointer!
) {
  guard let callback = callback as birchlog_log_callback? else { return Notices.tell(nil) }
  let target = LogTarget(callback: callback, context: context)
  Notices.tell { sentence in
    sentence.withCString { target.callback($0, target.context) }
  }
}
