import ArgumentParser
import CBirchlog
import FoundationEssentials
import Glibc
struct T: ParsableCommand { func run() { print(String(cString: birchlog_version())) } }
struct D: Codable { var a: Int }
print(try JSONDecoder().decode(D.self, from: Data("{\"a\":1}".utf8)))
T.main()
