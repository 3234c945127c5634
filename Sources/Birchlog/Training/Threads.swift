import Glibc

/// How many threads a training may use.
enum Threads {
  /// The number of processors that are online, 64 at most.
  static var available: Int { max(1, min(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 64)) }
}
