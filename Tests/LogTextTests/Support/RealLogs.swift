import Glibc

/// Where the public LogHub samples are.
enum RealLogs {
  static let folder: String? = {
    guard let value = getenv("BIRCHLOG_DATA") else { return nil }
    let path = String(cString: value)
    return access(path + "/loghub2k/HDFS_2k.log", R_OK) == 0 ? path : nil
  }()

  static let systems = [
    "Apache", "BGL", "HDFS", "Hadoop", "Linux", "OpenStack", "Spark", "Zookeeper",
  ]
}
