import LogText
import Testing

struct MaskTests {
  /// Lines and the text of their templates.
  @Test(arguments: [
    ("peer 10.0.0.1 gone", "peer <*> gone"), ("peer 10.0.0.1:8080 gone", "peer <*>:<*> gone"),
    ("net 10.0.0.0/24 up", "net <*> up"), ("to /10.251.1.9:50010 now", "to /<*>:<*> now"),
    ("peer fe80::1%eth0 x", "peer <*> x"), ("at 2001:db8:0:0:0:0:0:1 ok", "at <*> ok"),
    ("bind 0:0:0:0:0:0:0:0:2181 ok", "bind <*> ok"), ("std::vector grew", "std::vector grew"),
    ("mac 00:1a:2B:3c:4d:5e up", "mac <*> up"),
    ("id 3edec1e4-9678-4a3a-a21b-a145a4ee5e61 up", "id <*> up"),
    ("at 0xDEADbeef end", "at <*> end"),
    ("sum d41d8cd98f00b204 ok", "sum <*> ok"), ("read /var/log/x.log ok", "read <*> ok"),
    ("Error loading /p/x.rts: denied", "Error loading <*>: denied"),
    ("get https://a.b/c?d=e&f=1 now", "get <*> now"), ("hdfs://node:9000/a, done", "<*>, done"),
    ("took 12ms", "took <*>"), ("took 12 ms", "took <*> ms"), ("free 5.0 KB)", "free <*>)"),
    ("size 64K used 3.5GiB", "size <*> used <*>"), ("load 99.5%", "load <*>"),
    ("boot = -79, x", "boot = <*>, x"), ("uid=0 gid=-1", "uid=<*> gid=<*>"),
    ("Received block blk_-1608999687919862906 ok", "Received block blk_<*> ok"),
    ("attempt_1445_0020_m_000005_0 done", "attempt_<*> done"),
    ("Event@5a3e91 sent", "Event@<*> sent"), ("at 18:01:47.978 x", "at <*> x"),
    ("since 2015-10-18 18:01:47,978 x", "since <*> x"),
    ("at Sun Jul 17 15:09:16 2005", "at <*>"), ("May 5 files go", "May <*> files go"),
    ("host a.example.com is up", "host <*> is up"),
    ("job mapred.job.id is old", "job mapred.job.id is old"),
    ("say 'one two three four five six seven' now", "say '<*>' now"),
    ("\"GET /v2/x HTTP/1.1\" status: 200", "\"GET <*> <*>\" status: <*>"),
    ("jk2_init() Found child 5", "jk2_init() Found child <*>"),
    ("Can't find HttpServer2$Foo today.", "Can't find HttpServer2$Foo today."),
    ("address space...........0", "address space...........<*>"),
    ("connection () at x", "connection (<*>) at x"), ("init() called", "init() called"),
    ("to 1.2.3.4,5.6.7.8 now", "to <*> now"), ("delete blk_1 blk_2 blk_3", "delete blk_<*>"),
    ("to 1.2.3.4:50 5.6.7.8:60 now", "to <*>:<*> now"),
    ("to 1.2.3.4:50,5.6.7.8:60 now", "to <*>:<*> now"), ("ids [1, 2, 3] gone", "ids [<*>] gone"),
    ("nodes [4 5-7 9] up", "nodes [<*>] up"), ("pair (1, 2) up", "pair (<*>, <*>) up"),
    ("sums 12|4|99 done", "sums <*> done"),
    ("lost blk_1, blk_2 and blk_3", "lost blk_<*> and blk_<*>"),
    ("open for 00:41", "open for <*>"), ("open for <1 sec", "open for <*>"),
    ("open for 1:02:33 now", "open for <*> now"), ("a<1> b<2x> c", "a<<*>> b<<*>> c"),
    ("ratio 3:1 held", "ratio <*>:<*> held"), ("ready=true, up: False", "ready=<*>, up: <*>"),
    ("a true story", "a <*> story"), ("at 2016/9/27:20:40:53.744 x", "at <*> x"),
    ("load C:\\Windows\\x y.dll now", "load <*> y.dll now"),
    ("share \\\\host\\data\\x: gone", "share <*>: gone"), ("a\\b c", "a\\b c"),
    ("from biblio.wsi.edu.pl x", "from <*> x"),
    ("org.apache.hadoop.io up", "org.apache.hadoop.io up"),
    ("user-10-1-5 left, proxy.a.example.org:5070 open", "user-<*> left, <*>:<*> open"),
    ("name:a1,size:20,kind:x", "name:<*>,size:<*>,kind:x"),
    ("counts ##12##7##", "counts ##<*>##<*>##"), ("a  \t b", "a b"),
    ("N/A and/or torus/tree", "N/A and/or torus/tree"),
    ("charge tx-daca9cdeaaef ok", "charge tx-<*> ok"),
    ("charge ch_ebbdaafadace ok", "charge ch_<*> ok"),
    ("charge cus_bab4ef ok", "charge cus_<*> ok"), ("charge cus_fabdec ok", "charge cus_<*> ok"),
    ("get order/dcbffbadebfb now", "get <*> now"), ("get order/7cbffbadebfb now", "get <*> now"),
    ("id=deadbeef, rid:cafebabe", "id=<*>, rid:<*>"), ("s3_faddeabc is", "<*> is"),
    ("req-decade-abdcfe up", "req-<*> up"),
    ("read-cache node-feed x-cafe dead-beef", "read-cache node-feed x-cafe dead-beef"),
    ("api-facade decade_facade re-added", "api-facade decade_facade re-added"),
    ("ac97_codec dec2bcd_init utf8_feed e2e_test", "ac97_codec dec2bcd_init utf8_feed e2e_test"),
    ("a feedback was effaced in DeadBeef", "a feedback was effaced in DeadBeef"),
    ("got <5d3f2a10-1111-4222-8333-444455556666@x.org> ok", "got <<*><*>> ok"),
    ("got <5d3f2a10-1111-4222-8333-444455556666> ok", "got <<*>> ok"),
    ("got <5d3f2a1011114222> ok", "got <<*>> ok"), ("got <12s3f2a10> ok", "got <<*>> ok"),
    ("got <63d2e1@x.org> ok", "got <<*>> ok"), ("got <5d-71.3@x.org> ok", "got <<*>> ok"),
    ("got <5d.71@x.org> ok", "got <<*>> ok"), ("open for <5ms, ok", "open for <*>, ok"),
    ("open (<5ms) or <2 min.", "open (<*>) or <*>."),
    (
      "level=warn msg=\"lock wait timeout after 51 ms, attempt 1\" k=v",
      "level=warn msg=\"lock wait timeout after <*> ms, attempt <*>\" k=v"
    ),
    (
      "message=\"one two three four five six seven\"",
      "message=\"one two three four five six seven\""
    ),
    ("err=\"one two three four five six seven\" x", "err=\"<*>\" x"),
    ("errmsg=\"one two three four five six seven\" x", "errmsg=\"<*>\" x"),
  ])
  func valuesAreMaskedByTheirForm(line: String, template: String) {
    #expect(TemplateMiner.template(of: line) == template)
  }

  @Test func invalidTextIsMaskedOrReplaced() {
    var miner = TemplateMiner()
    let line: [UInt8] = Array("bad ".utf8) + [0xFF, 0x61, 0x20, 0x78, 0xFF, 0x79, 0x20, 0xC3, 0x0]
    let id = line.withUnsafeBytes { miner.learn($0) }
    #expect(miner.template(id)?.text == "bad <*> x<*> \u{FFFD}\0")
    #expect(line.withUnsafeBytes { miner.match($0) } == id)
  }

  @Test func parametersCarryTypeAndPlace() {
    var miner = TemplateMiner()
    let line =
      "blk_-7 from /10.0.0.1:50 in 12ms, 3.5 MB at /a/b id 3edec1e4-9678-4a3a-a21b-a145a4ee5e61 0x1f 42"
    _ = miner.learn(line)
    #expect(
      miner.values(of: line) == [
        "identifier:-7", "ip:10.0.0.1", "port:50", "duration:12ms", "size:3.5 MB", "path:/a/b",
        "uuid:3edec1e4-9678-4a3a-a21b-a145a4ee5e61", "hex:0x1f", "number:42",
      ])
  }

  @Test func aWordThatVariesIsAParameter() {
    var miner = TemplateMiner()
    for user in ["root", "news", "alice"] {
      _ = miner.learn("session opened for user \(user) by pid 7")
    }
    miner.finish()
    #expect(miner.templates.map(\.text) == ["session opened for user <*> by pid <*>"])
    #expect(
      miner.values(of: "session opened for user alice by pid 9") == ["word:alice", "number:9"])
  }

  /// A value may be cut anywhere, by a limit or by whoever wrote it.
  @Test(arguments: [
    "at 10.0.0.1:8080/24", "id 550e8400-e29b-41d4-a716-446655440000", "0x1fee7 cafe12",
    "fe80::1%eth0 [::1]:80", "2026-11-25T12:34:56.789Z", "list [1, 2, 3] (a=b, c='d e')",
    "403 bytes (4.2 KB) sent, 00:41", "/usr/lib/a.so:12 C:\\a\\b.txt https://x.y/z?q=1",
    "-12.5e-3 ms, 7 MB; \"text\" <1 sec",
  ])
  func aLineCutAnywhereIsTheSameLineTwice(_ text: String) {
    var miner = TemplateMiner()
    for length in 0...text.utf8.count {
      let line = Array(text.utf8.prefix(length))
      let events = (0..<2).map { _ in line.withUnsafeBytes { miner.learn($0) } }
      #expect(events[0] == events[1])
    }
  }
}
