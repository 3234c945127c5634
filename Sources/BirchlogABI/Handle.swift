import Birchlog

/// Moves Swift objects across the boundary as opaque pointers that the caller owns.
enum Handle {
  /// A new owner's pointer.
  static func make(_ object: some AnyObject) -> OpaquePointer {
    OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// The object behind a pointer, which stays the caller's.
  static func object<Object: AnyObject>(
    _ pointer: OpaquePointer?, _ name: String, as type: Object.Type = Object.self
  ) throws(BirchlogError) -> Object {
    guard let pointer else { throw .argument("Argument \"\(name)\" is NULL.") }
    return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }

  /// Gives one ownership up; NULL is fine.
  static func free<Object: AnyObject>(_ pointer: OpaquePointer?, as type: Object.Type) {
    guard let pointer else { return }
    Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).release()
  }
}
