import Threading

/// Where the library tells what was amiss without stopping a call: to a function that the host gives, else nowhere.
public enum Notices {
  /// Takes one sentence.
  public typealias Handler = @Sendable (String) -> Void

  private static let handler = Guarded<Handler?>(nil)

  /// Sets who is told from now on; nil for nobody.
  public static func tell(_ newHandler: Handler?) {
    handler.withLock { $0 = newHandler }
  }

  static func warn(_ sentence: String) {
    // The handler runs outside of the lock: it may call the library.
    let handler = handler.withLock { $0 }
    handler?(sentence)
  }
}
