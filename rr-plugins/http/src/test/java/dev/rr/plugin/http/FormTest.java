package dev.rr.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.testing.http.RawClient;
import dev.rr.testing.worker.FakePool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FormTest {
  private static final String FORM =
      "key=value&key=value2&name[]=name1&name[]=name2&name[]=name3&arr[x][y][z]=y&arr[x][y][e]=f"
          + "&arr[c]p=l&arr[c]z=";
  private static final String TREE =
      "{\"arr\":{\"c\":{\"p\":\"l\",\"z\":\"\"},\"x\":{\"y\":{\"e\":\"f\",\"z\":\"y\"}}},"
          + "\"key\":\"value2\",\"name\":[\"name1\",\"name2\",\"name3\"]}";

  private static String post(TestServer server, String method, String type, String body)
      throws Exception {
    try (RawClient client = new RawClient(server.connect())) {
      byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
      return client
          .send(
              method
                  + " / HTTP/1.1\r\nHost: h\r\nContent-Type: "
                  + type
                  + "\r\nContent-Length: "
                  + bytes.length
                  + "\r\n\r\n"
                  + body)
          .readAnswer();
    }
  }

  private static String multipart(String... parts) {
    StringBuilder out = new StringBuilder();
    for (String part : parts) {
      out.append("--XX\r\nContent-Disposition: form-data; ").append(part).append("\r\n");
    }
    return out.append("--XX--\r\n").toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH"})
  void parsesUrlencodedForms(String method) throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody())) {
      assertThat(post(server, method, "application/x-www-form-urlencoded; charset=utf-8", FORM))
          .endsWith("\r\n\r\n" + TREE);
    }
  }

  @Test
  void parsesMultipartForms() throws Exception {
    StringBuilder body = new StringBuilder();
    for (String pair : FORM.split("&")) {
      String[] both = pair.split("=", 2);
      body.append("--XX\r\nContent-Disposition: form-data; name=\"")
          .append(both[0])
          .append("\"\r\n\r\n")
          .append(both[1])
          .append("\r\n");
    }
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody())) {
      assertThat(post(server, "POST", "multipart/form-data; boundary=XX", body + "--XX--\r\n"))
          .endsWith("\r\n\r\n" + TREE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1&a[b]=2|invalid multiple values to key 'a' in tree",
        "key[options][id]=id1&key=value|invalid multiple values to key 'key' in tree",
        "k[q][5]=1&k[q][5][x]=1|invalid multiple values to key '5' in tree",
        "%zz=1|invalid URL escape \"%zz\"",
        "a=%4|invalid URL escape \"%4\"",
        "a=1;b=2|invalid semicolon separator in query"
      })
  void refusesFormsThatContradictThemselves(String form, String message) throws Exception {
    FakePool pool = HttpWorkers.echoingBody();
    try (TestServer server = TestServer.start(pool)) {
      assertThat(post(server, "POST", "application/x-www-form-urlencoded", form))
          .startsWith("HTTP/1.1 400 ")
          .endsWith("serve_http: " + message + "\n");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "key=&key[options][id]=id1|{\"key\":{\"options\":{\"id\":\"id1\"}}}",
        "key[]=value2&key=|{\"key\":[\"value2\"]}",
        "key[]=value2&key=value1|{\"key\":\"value1\"}",
        "a[][b]=1|{\"a\":{\"\":{\"b\":\"1\"}}}",
        "a b[ c ]=1|{\"ab\":{\"c\":\"1\"}}",
        "a.b=1|{\"a.b\":\"1\"}",
        "a[b=1|{\"a\":{\"b\":\"1\"}}",
        "=x|{\"\":\"x\"}",
        "a=%3Cb%3E|{\"a\":\"<b>\"}",
        "a=%ff|{\"a\":\"\u00ef\u00bf\u00bd\"}",
        "&&a=1&|{\"a\":\"1\"}",
        "key[subkey] [value][]=1|{\"key\":{\"subkey\":{\"value\":[\"1\"]}}}",
        "key[subkey]value=1|{\"key\":{\"subkey\":{\"value\":\"1\"}}}",
        "\u00d0\u00ba\u00d0\u00bb [ \u00d1\u0087"
            + " ]=1|{\"\u00d0\u00ba\u00d0\u00bb\":{\"\u00d1\u0087\":\"1\"}}"
      })
  void mountsFieldsAsUpstreamDoes(String form, String tree) throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody())) {
      assertThat(post(server, "POST", "application/x-www-form-urlencoded", form))
          .endsWith("\r\n\r\n" + tree);
    }
  }

  @Test
  void refusesAContentTypeThatCannotBeRead() throws Exception {
    FakePool pool = HttpWorkers.echoingBody();
    try (TestServer server = TestServer.start(pool)) {
      for (String type :
          List.of(
              "multipart/form-data; boundary",
              "multipart/form-data; boundary=",
              "multipart/form-data; boundary=\"XX",
              "multipart/form-data; boundary=XX; boundary=YY",
              "multipart/form-data; boundary=" + "X".repeat(300))) {
        assertThat(post(server, "POST", type, multipart("name=\"a\"\r\n\r\n1")))
            .as(type)
            .startsWith("HTTP/1.1 400 ");
      }
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void refusesMoreThanTenThousandParameters() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody())) {
      String type = "application/x-www-form-urlencoded";
      assertThat(post(server, "POST", type, "a[]=1&".repeat(9_999) + "a[]=2"))
          .startsWith("HTTP/1.1 200 ")
          .endsWith(",\"2\"]}");
      assertThat(post(server, "POST", type, "a[]=1&".repeat(10_001))).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void leavesOutNamesOfMoreThan127Segments() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody())) {
      assertThat(
              post(
                  server,
                  "POST",
                  "application/x-www-form-urlencoded",
                  "a" + "[x]".repeat(127) + "=1&b=2"))
          .endsWith("\r\n\r\n{\"b\":\"2\"}");
      assertThat(
              post(
                  server,
                  "POST",
                  "application/x-www-form-urlencoded",
                  "a" + "[x]".repeat(126) + "=1"))
          .endsWith("{\"a\":" + "{\"x\":".repeat(126) + "\"1\"" + "}".repeat(127));
    }
  }

  @Test
  void sendsAnEmptyFormInProtobufAsNothing() throws Exception {
    FakePool pool = HttpWorkers.echoingBody();
    try (TestServer server = TestServer.with(pool).codec(HttpConfig.Codec.PROTO).start()) {
      assertThat(post(server, "POST", "application/x-www-form-urlencoded", "x".repeat(0)))
          .startsWith("HTTP/1.1 200 ");
      assertThat(pool.requests().getFirst().body()).isEmpty();
      // Field 8, parsed, is true.
      assertThat(pool.requests().getFirst().context()).contains("@\u0001");
    }
  }

  @Test
  void refusesAFormBehindAQueryThatCannotBeRead() throws Exception {
    FakePool pool = HttpWorkers.echoingBody();
    try (TestServer server = TestServer.start(pool)) {
      for (String query : List.of("a;b", "%zz", "a=%4")) {
        try (RawClient client = new RawClient(server.connect())) {
          client.send(
              "POST /?"
                  + query
                  + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                  + "Content-Length: 3\r\n\r\na=1");
          assertThat(client.readAnswer()).startsWith("HTTP/1.1 400 ");
        }
      }
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void takesALargeFormWithinTheLimitAndCountsAChunkedOne() throws Exception {
    FakePool pool =
        new FakePool((request, reply) ->
            FakePool.answer(reply, "{\"status\":200}", "" + request.body().length));
    try (TestServer server = TestServer.with(pool).maxRequestSize(30).start()) {
      String form = "a=" + "v".repeat(28 * 1024 * 1024);
      assertThat(post(server, "POST", "application/x-www-form-urlencoded", form))
          .startsWith("HTTP/1.1 200 ")
          .endsWith("" + (form.length() - 2 + 8));
    }
    for (String type :
        List.of("application/x-www-form-urlencoded", "multipart/form-data; boundary=XX", "a/b")) {
      try (TestServer server = TestServer.with(pool).maxRequestSize(1).start();
          RawClient client = new RawClient(server.connect())) {
        client.send(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: "
                + type
                + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("10000\r\n" + ("v".repeat(0xffe) + "\r\n").repeat(16) + "\r\n").repeat(17));
        assertThat(client.readAnswer()).as(type).startsWith("HTTP/1.1 413 ");
      }
    }
  }

  @Test
  void takesTheFirstFileOfANameAndEveryOneOfAList() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingContext())) {
      assertThat(
              post(
                  server,
                  "POST",
                  "multipart/form-data; boundary=XX",
                  multipart(
                      "name=\"f\"; filename=\"one\"\r\n\r\n1",
                      "name=\"f\"; filename=\"two\"\r\n\r\n2",
                      "name=\"l[]\"; filename=\"three\"\r\n\r\n3",
                      "name=\"l[]\"; filename=\"four\"\r\n\r\n4")))
          .contains("\"name\":\"one\"", "\"name\":\"three\"", "\"name\":\"four\"", "\"l\":[{")
          .doesNotContain("\"two\"");
    }
  }

  @Test
  void readsFileNamesAsUpstreamDoes() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingContext())) {
      assertThat(
              post(
                  server,
                  "POST",
                  "multipart/form-data; boundary=XX",
                  multipart(
                      "name=\"a\"; filename=\"ascii.txt\"; filename*=UTF-8''%c3%a9.txt\r\n\r\n1",
                      "name=\"b\"; filename=\"c:\\dir\\b.txt\"\r\n\r\n2",
                      "name=\"c\"; filename=\"../../c.txt\"\r\n\r\n3")))
          .contains("\"name\":\"\u00c3\u00a9.txt\"", "\"name\":\"c.txt\"")
          .doesNotContain("ascii", "..")
          .contains("b.txt\"");
    }
  }

  @Test
  void sendsAnEmptyFormAsAnEmptyObject() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody())) {
      assertThat(post(server, "POST", "application/x-www-form-urlencoded", "")).endsWith("{}");
      assertThat(post(server, "DELETE", "application/x-www-form-urlencoded", "a=1")).endsWith("{}");
    }
  }

  @Test
  void parsesAFormOfManyMegabytesOffTheLoopAndRefusesAGiantOne() throws Exception {
    try (TestServer server = TestServer.with(HttpWorkers.echoingBody()).maxFormSize(2).start()) {
      String value = "v".repeat(1_500_000);
      assertThat(post(server, "POST", "application/x-www-form-urlencoded", "a=" + value))
          .endsWith("{\"a\":\"" + value + "\"}");
      assertThat(post(server, "POST", "application/x-www-form-urlencoded", "a=" + value + value))
          .startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void boundsTheJsonThatAFormBecomesAndTheTreeOfItsNames() throws Exception {
    FakePool pool = HttpWorkers.echoingBody();
    String type = "application/x-www-form-urlencoded";
    StringBuilder nested = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      nested.append('&').append(i).append("a[".repeat(120)).append("=1");
    }
    try (TestServer server = TestServer.with(pool).maxFormSize(1).start()) {
      for (String form :
          List.of("a=" + "\u0001".repeat(200_000), "a=" + "\u0080".repeat(400_000), "" + nested)) {
        assertThat(post(server, "POST", type, form))
            .as(form.substring(0, 10))
            .startsWith("HTTP/1.1 413 ");
      }
      assertThat(pool.requests()).isEmpty();
      assertThat(post(server, "POST", type, "a=" + "\u0001".repeat(100_000)))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void repeatsNoLongNameInItsRefusal() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody())) {
      String name = "n".repeat(100_000);
      assertThat(
              post(
                  server,
                  "POST",
                  "application/x-www-form-urlencoded",
                  name + "=1&" + name + "[x]=2"))
          .startsWith("HTTP/1.1 400 ")
          .endsWith("key '" + "n".repeat(100) + "...' in tree\n");
    }
  }

  @Test
  void handsFormsOverAsTheyAreWhenToldTo() throws Exception {
    try (TestServer server = TestServer.with(HttpWorkers.echoingBody()).rawBody().start()) {
      String body = multipart("name=\"a\"\r\n\r\n1");
      assertThat(post(server, "POST", "multipart/form-data; boundary=XX", body)).endsWith(body);
      assertThat(post(server, "DELETE", "application/x-www-form-urlencoded", "a=1;%zz"))
          .endsWith("a=1;%zz");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--XX",
        "--XX\r\n",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue",
        "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nvalue\r\n--XX",
        "no boundary at all",
        "--XX\r\nbroken header\r\n\r\nvalue\r\n--XX--"
      })
  void refusesABrokenMultipartBody(String body) throws Exception {
    FakePool pool = HttpWorkers.echoingBody();
    try (TestServer server = TestServer.start(pool)) {
      assertThat(post(server, "POST", "multipart/form-data; boundary=XX", body))
          .startsWith("HTTP/1.1 400 ");
      assertThat(post(server, "POST", "multipart/form-data", multipart("name=\"a\"\r\n\r\n1")))
          .startsWith("HTTP/1.1 400 ");
      assertThat(pool.requests()).isEmpty();
    }
  }

  @Test
  void storesUploadsForAsLongAsTheWorkerNeedsThem(@TempDir Path dir) throws Exception {
    FakePool pool =
        new FakePool((request, reply) -> {
          String context = request.context();
          int at = context.indexOf("\"tmpName\":\"") + 11;
          String file = context.substring(at, context.indexOf('"', at));
          FakePool.answer(reply, "{\"status\":200}", context + Files.readString(Path.of(file)));
        });
    try (TestServer server =
        TestServer.with(pool).uploads(dir.toString(), List.of(), List.of()).start()) {
      String body =
          multipart(
              "name=\"upload[x][]\"; filename=\"dir/a.txt\"\r\n"
                  + "Content-Type: text/x\r\n\r\n"
                  + "line\r\n"
                  + "--X",
              "name=\"n\"; filename=\"\"\r\n\r\n");
      assertThat(post(server, "POST", "multipart/form-data; boundary=XX", body))
          .contains(
              "\"parsed\":true,\"uploads\":{\"upload\":{\"x\":[{\"name\":\"a.txt\",\"mime\":\"text/x\","
                  + "\"size\":9,\"error\":0,\"tmpName\":\""
                  + dir)
          .endsWith("line\r\n--X");
      assertThat(pool.requests().getFirst().text()).isEqualTo("{\"n\":\"\"}");
      TestServer.await(() -> count(dir) == 0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x.PHP,.php,'',8",
    "x.go,'',.php,8",
    "x,'','',0",
    "x.php,'',.php,0",
    "noext,' ',' ',8"
  })
  void refusesForbiddenUploads(
      String name, String forbid, String allow, int error, @TempDir Path dir) throws Exception {
    List<String> forbidden = forbid.isEmpty() ? List.of() : List.of(forbid.strip());
    List<String> allowed = allow.isBlank() ? List.of() : List.of(allow);
    try (TestServer server =
        TestServer.with(HttpWorkers.echoingContext())
            .uploads(dir.toString(), forbidden, allowed)
            .start()) {
      String body = multipart("name=\"f\"; filename=\"" + name + "\"\r\n\r\n12345");
      assertThat(post(server, "POST", "multipart/form-data; boundary=XX", body))
          .contains("\"size\":" + (error == 0 ? 5 : 0) + ",\"error\":" + error)
          .contains(error == 0 ? "tmpName\":\"" + dir : "tmpName\":\"\"");
    }
  }

  @Test
  void tellsPhpThatTheFolderIsMissing() throws Exception {
    try (TestServer server =
        TestServer.with(HttpWorkers.echoingContext())
            .uploads("--------", List.of(), List.of())
            .start()) {
      assertThat(
              post(
                  server,
                  "POST",
                  "multipart/form-data; boundary=XX",
                  multipart("name=\"f\"; filename=\"a\"\r\n\r\n12345")))
          .startsWith("HTTP/1.1 200")
          .contains("\"error\":6,\"tmpName\":\"\"");
    }
  }

  @Test
  void leavesNoFileBehindWhenTheClientLeaves(@TempDir Path dir) throws Exception {
    FakePool pool = HttpWorkers.echoingContext();
    try (TestServer server =
        TestServer.with(pool).uploads(dir.toString(), List.of(), List.of()).start()) {
      try (RawClient client = new RawClient(server.connect())) {
        client.send(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
                + "Content-Length: 1000000\r\n\r\n--XX\r\nContent-Disposition: form-data;"
                + " name=\"f\"; filename=\"a\"\r\n\r\n"
                + "x".repeat(300_000));
        TestServer.await(() -> count(dir) == 1);
      }
      TestServer.await(() -> count(dir) == 0);
      assertThat(pool.requests()).isEmpty();
    }
  }

  private static long count(Path dir) {
    try (Stream<Path> files = Files.list(dir)) {
      return files.filter(f -> !f.toString().endsWith(".owner")).count();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void decodesQuotedPrintableAndEncodedNames() throws Exception {
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody())) {
      String body =
          multipart(
              "name=\"q\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\nc",
              "name=\"a\\\"b\"\r\n\r\n1",
              "name=\"\"\r\n\r\nskipped");
      assertThat(post(server, "POST", "multipart/form-data; boundary=\"XX\"", body))
          .endsWith("{\"a\\\"b\":\"1\",\"q\":\"a=bc\"}");
    }
  }

  /** Whatever the bytes: an answer, no file left, and the next request works. */
  @Test
  void survivesBodiesMadeUpAtRandom(@TempDir Path dir) throws Exception {
    long seed = Long.getLong("rr.seed", 20261125);
    Random random = new Random(seed);
    String[] words = {
      "--XX",
      "\r\n",
      "--",
      "Content-Disposition: form-data; ",
      "name=\"a[b]\"",
      "; filename=\"f.x\"",
      "filename*=UTF-8''%20x",
      "\r\n\r\n",
      "value",
      "=",
      "&",
      "%41",
      "%",
      "[",
      "]",
      "\u00ff",
      ";",
      "\n",
      "\"",
      "\\",
      "Content-Type: text/plain\r\n",
      "--XX--\r\n",
      " "
    };
    try (TestServer server =
        TestServer.with(HttpWorkers.echoingBody())
            .uploads(dir.toString(), List.of(), List.of())
            .start()) {
      for (int round = 0; round < 400; round++) {
        StringBuilder body = new StringBuilder(random.nextBoolean() ? "--XX\r\n" : "");
        for (int i = random.nextInt(30); i > 0; i--) {
          body.append(words[random.nextInt(words.length)]);
        }
        String type =
            random.nextBoolean()
                ? "multipart/form-data; boundary=XX"
                : "application/x-www-form-urlencoded";
        assertThat(post(server, "POST", type, body.toString()))
            .as("seed %d, round %d: %s", seed, round, body)
            .matches("(?s)HTTP/1.1 (200|400) .*");
      }
      TestServer.await(() -> count(dir) == 0);
    }
  }

  @Test
  void survivesHeadsMadeUpAtRandom() throws Exception {
    long seed = Long.getLong("rr.seed", 20261125);
    Random random = new Random(seed);
    String[] words = {
      "GET ",
      "/ ",
      "HTTP/1.1",
      "\r\n",
      "Host: h",
      ":",
      " ",
      "\t",
      "Content-Length: 3",
      "abc",
      "Transfer-Encoding: chunked",
      "0\r\n\r\n",
      "\u00ff",
      "\0",
      "\n",
      "\r",
      "Cookie: a=b",
      "%",
      "Expect: 100-continue",
      "Connection: close",
      "X-Y: z"
    };
    try (TestServer server = TestServer.start(HttpWorkers.echoingBody())) {
      for (int round = 0; round < 300; round++) {
        StringBuilder head = new StringBuilder(random.nextBoolean() ? "POST / HTTP/1.1\r\n" : "");
        for (int i = random.nextInt(20); i > 0; i--) {
          head.append(words[random.nextInt(words.length)]);
        }
        try (RawClient client = new RawClient(server.connect())) {
          client.send(head + "\r\n\r\n");
          client.socket().shutdownOutput();
          assertThat(client.readAll())
              .as("seed %d, round %d: %s", seed, round, head)
              .doesNotContain(" 500 ");
        }
      }
      assertThat(post(server, "POST", "text/plain", "alive")).endsWith("alive");
      assertThat(server.log()).noneMatch(l -> l.contains("internal server error"));
    }
  }
}
