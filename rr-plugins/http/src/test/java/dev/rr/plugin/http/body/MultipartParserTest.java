package dev.rr.plugin.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.MemoryBudget;
import dev.rr.api.log.Log;
import dev.rr.testing.http.FakeRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MultipartParserTest {
  private static final int LIMIT = 100_000;
  private static final String DISPOSITION = "Content-Disposition: form-data; name=";

  @TempDir Path dir;
  private final MemoryBudget all = new MemoryBudget(1 << 20);

  /** Parses bodies in pieces of these sizes; 0 is all at once. */
  private String parse(String body, int... sizes) throws Exception {
    BodyPipe pipe = new BodyPipe(FakeRequest.of("POST", "/"), Duration.ofSeconds(5));
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    int at = 0;
    for (int i = 0; at < bytes.length; i++) {
      int size = sizes.length == 0 ? 0 : sizes[i % sizes.length];
      int count = size == 0 ? bytes.length : Math.min(size, bytes.length - at);
      pipe.offer(ByteBuffer.wrap(bytes, at, count).slice());
      at += count;
    }
    pipe.end();
    List<Path> files = new ArrayList<>();
    try (Spool spool = new Spool(dir, Log.NONE);
        FormMemory memory = new FormMemory(LIMIT, all)) {
      Uploads uploads = new Uploads(spool, Set.of(), Set.of(), -1, -1);
      MultipartParser parser =
          new MultipartParser(new MultipartInput(pipe, "XX"), uploads, memory, LIMIT, files);
      parser.parse();
      String fields = new String(parser.fields(), StandardCharsets.UTF_8);
      return fields + new String(parser.uploads(), StandardCharsets.UTF_8);
    }
  }

  private void refused(int status, String body) {
    assertThatThrownBy(() -> parse(body))
        .isInstanceOfSatisfying(
            HttpFault.class, fault -> assertThat(fault.status()).isEqualTo(status));
  }

  private static String field(String name, String value) {
    return "--XX\r\n" + DISPOSITION + "\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }

  @Test
  void takesBareLineFeedsThroughout() throws Exception {
    String body = field("a", "1") + field("b", "2") + "--XX--\r\n";

    assertThat(parse(body.replace("\r", ""))).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}{}");
  }

  @Test
  void takesBareLineFeedsInHeadsAloneAndLeavesThoseInContentsAlone() throws Exception {
    assertThat(parse("--XX\r\n" + DISPOSITION + "a\n\nx\ny\n--XX\nz\r\n--XX--"))
        .isEqualTo("{\"a\":\"x\\ny\\n--XX\\nz\"}{}");
  }

  @Test
  void keepsTheCarriageReturnOfAContentWhereLinesEndWithLineFeeds() throws Exception {
    assertThat(parse("--XX\n" + DISPOSITION + "a\r\n\r\nx\r\n\n--XX--\n"))
        .isEqualTo("{\"a\":\"x\\r\\n\"}{}");
  }

  @Test
  void refusesLinesThatEndOtherwiseThanTheFirstBoundary() {
    refused(400, "--XX\n" + DISPOSITION + "a\n\nx\r\n--XX--\r\n");
    refused(400, "--XX\r\n" + DISPOSITION + "a\r\n\r\nx\r\n--XX\n" + DISPOSITION + "b\r\n\r\n");
  }

  @Test
  void countsTheFirstOfAFieldThatComesTwice() throws Exception {
    assertThat(
            parse(
                "--XX\r\n"
                    + DISPOSITION
                    + "a; filename=one.txt\r\nContent-Type: text/a\r\n"
                    + DISPOSITION
                    + "b; filename=two.php\r\nContent-Type: text/b\r\n\r\nx\r\n--XX--"))
        .contains("{\"a\":{\"name\":\"one.txt\",\"mime\":\"text/a\"")
        .doesNotContain("two", "text/b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        DISPOSITION + "\"a\0b\"",
        DISPOSITION + "\"a\u0001\"",
        DISPOSITION + "a\u007f",
        DISPOSITION + "a\r\nX: \0",
        DISPOSITION + "a\r\nX\0: y",
        DISPOSITION + "a\rb",
        " folded: first",
        ": no name",
        "no colon",
        "ünicode: x"
      })
  void refusesHeadsThatGoRefuses(String head) {
    refused(400, "--XX\r\n" + head + "\r\n\r\nx\r\n--XX--\r\n");
  }

  @Test
  void readsFoldedLinesAndIgnoresNamesWithABlank() throws Exception {
    assertThat(
            parse(
                "--XX\r\nContent-Disposition: form-data;\r\n\tname=a\r\n\r\nx\r\n"
                    + "--XX\r\nContent-Disposition : form-data; name=b\r\n\r\ny\r\n--XX--"))
        .isEqualTo("{\"a\":\"x\"}{}");
  }

  @ParameterizedTest
  @CsvSource({"x/y.txt,y.txt", "x/y/,y", "/y,y", "y,y", "///,/"})
  void takesTheLastOfAFilesPath(String path, String name) throws Exception {
    assertThat(parse(file("f", path) + "--XX--")).contains("{\"name\":\"" + name + "\"");
  }

  @Test
  void takesWhatLooksLikeABoundaryForContent() throws Exception {
    assertThat(parse(field("a", "\r\n--X\r\n--XXY\r\n--XX-y\r\n-") + "--XX--"))
        .isEqualTo("{\"a\":\"\\r\\n--X\\r\\n--XXY\\r\\n--XX-y\\r\\n-\"}{}");
  }

  @Test
  void takesEmptyContentsPreamblesBlanksAndWhatFollows() throws Exception {
    assertThat(
            parse(
                "preamble\r\n--XX \t\r\n"
                    + DISPOSITION
                    + "a\r\n\r\n--XX\r\n"
                    + DISPOSITION
                    + "b\r\n\r\n\r\n--XX-- \r\n--XX\r\nepilogue"))
        .isEqualTo("{\"a\":\"\",\"b\":\"\"}{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--XX",
        "--XX\r\n",
        "--XX-\r\n",
        "--XX--y",
        "--XX\r\n" + DISPOSITION + "a\r\n\r\nx\r\n--XX",
        "--XX\r\n" + DISPOSITION + "a\r\n\r\nx\r\n--XX--y\r\n"
      })
  void refusesABodyThatDoesNotEnd(String body) {
    refused(400, body);
  }

  @Test
  void readsTheSameHoweverTheBytesArrive() throws Exception {
    long seed = Long.getLong("rr.seed", 20261126);
    Random random = new Random(seed);
    String[] words = {"\r\n", "\n", "--XX", "--", "-", "x", " ", "\r", DISPOSITION + "a\r\n\r\n"};
    for (int round = 0; round < 500; round++) {
      StringBuilder content = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        content.append(words[random.nextInt(words.length)]);
      }
      String body = field("a", content.toString()) + field("b", "2") + "--XX--\r\n";
      String lines = random.nextBoolean() ? body : body.replace("\r", "");

      assertThat(outcome(lines, 1 + random.nextInt(5), 1 + random.nextInt(9)))
          .as("seed %d, round %d: %s", seed, round, lines)
          .isEqualTo(outcome(lines));
    }
  }

  private String outcome(String body, int... sizes) throws Exception {
    try {
      return parse(body, sizes);
    } catch (HttpFault fault) {
      return fault.status() + " " + fault.getMessage();
    }
  }

  @Test
  void countsTheHeadsOfParts() {
    String name = "n".repeat(10_000);
    refused(413, field(name, "").repeat(11) + "--XX--");
    refused(413, file("f", name).repeat(11) + "--XX--");
    refused(413, field("f\"\r\nX: " + name + "\r\nY: \"", "").repeat(11) + "--XX--");
  }

  private static String file(String name, String file) {
    return field(name + "\"; filename=\"" + file, "x");
  }

  @Test
  void countsTheJsonThatHeadsBecome() throws Exception {
    // Each of these bytes becomes three.
    String name = "\u0080".repeat(10_000);
    assertThat(parse(file("f[]", name).repeat(3) + "--XX--")).hasSizeGreaterThan(30_000);

    refused(413, file("f[]", name).repeat(4) + "--XX--");
    refused(413, field("f[]", "\u0001".repeat(20_000)) + "--XX--");
  }

  @Test
  void countsManySmallPartsAndDeepNames() {
    refused(413, field("f[]", "").repeat(200) + "--XX--");
    refused(413, field("a[".repeat(120), "").repeat(1) + deep(4) + "--XX--");
  }

  private static String deep(int fields) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < fields; i++) {
      all.append(field(i + "a[".repeat(120), "1"));
    }
    return all.toString();
  }

  @Test
  void givesBackWhatItCounted() throws Exception {
    parse(file("f[]", "n".repeat(30_000)).repeat(2) + field("a", "x".repeat(30_000)) + "--XX--");

    assertThat(all.taken()).isZero();
  }
}
