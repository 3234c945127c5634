import Glibc

/// What is known about the terminal behind a file descriptor.
struct Terminal {
  /// True when a person is likely to look at it.
  let isInteractive: Bool
  /// Columns available to a line.
  let width: Int
  /// True when colour may be used.
  let hasColour: Bool

  static let standardOutput = Terminal(descriptor: STDOUT_FILENO)
  static let standardError = Terminal(descriptor: STDERR_FILENO)

  /// True when standard input is a keyboard rather than a file or a pipe.
  static var inputIsKeyboard: Bool { isatty(STDIN_FILENO) == 1 }

  private init(descriptor: Int32) {
    isInteractive = isatty(descriptor) == 1
    var size = winsize()
    if isInteractive, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      width = max(40, Int(size.ws_col))
    } else {
      width = max(40, Self.environment("COLUMNS").flatMap { Int($0) } ?? 100)
    }
    let isPlain =
      !(Self.environment("NO_COLOR") ?? "").isEmpty || Self.environment("TERM") == "dumb"
    hasColour = isInteractive && !isPlain
  }

  /// `text` in `colour` where colour may be used.
  func paint(_ text: String, _ colour: Colour) -> String {
    hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  private static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

/// The few colours the command uses, as SGR codes.
enum Colour: String {
  case bold = "1"
  case faint = "2"
  case red = "31"
  case green = "32"
  case yellow = "33"
  case cyan = "36"
}
