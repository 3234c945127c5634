// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Birchlog
import CBirchlog
import Glibc

/// The thread's last message: a NUL-terminated buffer a thread, freed when the thread ends.
private let messageKey: pthread_key_t? = {
  var key = pthread_key_t()
  return pthread_key_create(&key, { free($0) }) == 0 ? key : nil
}()

private let messageCapacity = 2048
private let emptyText: StaticString = ""

/// Pointer to static text as C sees it.
func cString(_ text: StaticString) -> UnsafePointer<CChar> {
  UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Keeps a message for `birchlog_last_error`, cut to what fits.
private func remember(_ message: String) {
  guard let messageKey else { return }
  var buffer = pthread_getspecific(messageKey)?.assumingMemoryBound(to: CChar.self)
  if buffer == nil {
    guard let fresh = malloc(messageCapacity) else { return }
    pthread_setspecific(messageKey, fresh)
    buffer = fresh.assumingMemoryBound(to: CChar.self)
  }
  guard let buffer else { return }
  var length = 0
  for scalar in message.unicodeScalars where scalar.value != 0 {
    let bytes = UTF8.encode(scalar)
    guard let bytes, length + bytes.count < messageCapacity else { break }
    for byte in bytes {
      buffer[length] = CChar(bitPattern: byte)
      length += 1
    }
  }
  buffer[length] = 0
}

/// The status of an error.
private func status(of error: BirchlogError) -> birchlog_status {
  switch error {
  case .argument: BIRCHLOG_ERROR_ARGUMENT
  case .limit: BIRCHLOG_ERROR_LIMIT
  case .option: BIRCHLOG_ERROR_OPTION
  case .io: BIRCHLOG_ERROR_IO
  case .input: BIRCHLOG_ERROR_INPUT
  case .model: BIRCHLOG_ERROR_MODEL
  case .modelVersion: BIRCHLOG_ERROR_MODEL_VERSION
  case .notFound: BIRCHLOG_ERROR_NOT_FOUND
  case .cancelled: BIRCHLOG_ERROR_CANCELLED
  case .numeric: BIRCHLOG_ERROR_NUMERIC
  case .internalDefect: BIRCHLOG_ERROR_INTERNAL
  }
}

/// Runs the body of an exported function: an error becomes its status and the thread's message.
func guarded(_ body: () throws(BirchlogError) -> Void) -> birchlog_status {
  do {
    try body()
    return BIRCHLOG_OK
  } catch {
    remember(error.message)
    return status(of: error)
  }
}

@c @implementation
public func birchlog_last_error() -> UnsafePointer<CChar>! {
  guard let messageKey, let buffer = pthread_getspecific(messageKey) else {
    return cString(emptyText)
  }
  return UnsafePointer(buffer.assumingMemoryBound(to: CChar.self))
}

@c @implementation
public func birchlog_status_name(_ status: birchlog_status) -> UnsafePointer<CChar>! {
  switch status {
  case BIRCHLOG_OK: cString("ok")
  case BIRCHLOG_ERROR_ARGUMENT: cString("argument")
  case BIRCHLOG_ERROR_LIMIT: cString("limit")
  case BIRCHLOG_ERROR_OPTION: cString("option")
  case BIRCHLOG_ERROR_IO: cString("io")
  case BIRCHLOG_ERROR_INPUT: cString("input")
  case BIRCHLOG_ERROR_MODEL: cString("model")
  case BIRCHLOG_ERROR_MODEL_VERSION: cString("model version")
  case BIRCHLOG_ERROR_NOT_FOUND: cString("not found")
  case BIRCHLOG_ERROR_CANCELLED: cString("cancelled")
  case BIRCHLOG_ERROR_NUMERIC: cString("numeric")
  case BIRCHLOG_ERROR_INTERNAL: cString("internal")
  default: cString("unknown")
  }
}
