import LogText
import Testing

/// The first of 1896 where 1972 begins, and the first of 1800 where 1970 does.
private let yearless: Int64 = -27_758 * 86_400_000
private let dateless: Int64 = -62_091 * 86_400_000

struct TimestampTests {
  @Test(arguments: [
    ("2015-10-18 18:01:47,978", 1_445_191_307_978), ("2015-10-18T18:01:47Z", 1_445_191_307_000),
    ("2015-10-18T20:01:47.5+02:00", 1_445_191_307_500),
    ("2015-10-18T13:31:47-0430", 1_445_191_307_000), ("081109 203615", 1_226_262_975_000),
    ("2005-06-03-15.42.50.675872", 1_117_813_370_675), ("17/06/09 20:10:40", 1_497_039_040_000),
    ("Sun Dec 04 04:47:44 2005", 1_133_671_664_000), ("Jun 14 15:16:01", yearless + 77_382_961_000),
    ("Jul  2 04:15:43", yearless + 78_898_543_000), ("10/Oct/2000:13:55:36 -0700", 971_211_336_000),
    ("1117838570", 1_117_838_570_000), ("1445144423722", 1_445_144_423_722),
    ("20171223-22:15:29:606", 1_514_067_329_606), ("03-17 16:13:38.811", yearless + 69_696_818_811),
    ("2000-02-29 00:00:00", 951_782_400_000), ("1999-12-31 23:59:59.999", 946_684_799_999),
    ("18:01:47", dateless + 64_907_000), ("2003/10/11 22:14:15", 1_065_910_455_000),
    ("0.123456", dateless + 123),
  ])
  func formsOfTimeAreRead(text: String, milliseconds: Int64) {
    #expect(TimestampPattern.milliseconds(of: Array(text.utf8)) == milliseconds)
  }

  @Test(arguments: [
    ("2015-10-18 18:01:47", nil), ("1970-01-01 00:00:01", nil), ("1972-11-03 08:00:00", nil),
    ("1900-01-01T00:00:00+15:00", nil), ("1445144423722", nil), ("Jan  1 00:00:00", TimeLack.year),
    ("Dec 31 23:59:60", .year), ("Feb 29 12:00:00", .year), ("00:00:00", .date),
    ("23:59:60", .date), ("999999999.000000", .date),
  ])
  func aTimeTellsWhatTheLogDoesNotName(text: String, lack: TimeLack?) throws {
    let time = try #require(TimestampPattern.milliseconds(of: Array(text.utf8)))
    #expect(TimeLack(of: time) == lack)
  }

  @Test func customaryYearsAre1970And1972() throws {
    let times = try ["18:01:47", "Feb 29 00:00:00", "Dec 31 23:59:59", "2015-10-18 18:01:47"].map {
      TimeLack.customary(try #require(TimestampPattern.milliseconds(of: Array($0.utf8))))
    }
    #expect(times == [64_907_000, 68_169_600_000, 94_694_399_000, 1_445_191_307_000])
  }

  @Test(arguments: [
    "", "hello", "2015-13-18 18:01:47", "2015-10-18 25:01:47", "2015-10-32 18:01:47", "12",
    "99999999999999999999", "2015-10-18 18:01:47 trailing", "Foo 14 15:16:01", "-",
  ])
  func otherTextIsNoTime(text: String) {
    #expect(TimestampPattern.milliseconds(of: Array(text.utf8)) == nil)
  }
}
