package dev.rr.plugin.config;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.rr.api.config.ConfigException;
import dev.rr.api.config.DotEnv;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.config.StringOrList;
import dev.rr.api.plugin.Catalogue;
import dev.rr.config.ConfigTree;
import dev.rr.config.Configuration;
import dev.rr.config.GoDuration;
import dev.rr.config.Node;
import dev.rr.config.YamlReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a file holds, reading it ends in a configuration or in a {@link ConfigException}. */
final class FuzzTest {
  private static final long SEED = 20260101;
  private static final String[] PIECES = {
    "version: \"3\"\n",
    "a: ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "\n",
    "  ",
    "\t",
    "&x ",
    "*x",
    "<<: ",
    "${",
    "}",
    "$A",
    ":-",
    "'",
    "\"",
    "\\",
    "\\u12",
    "!!int ",
    "!t ",
    "|\n",
    ">-\n",
    "#",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "0x",
    "-",
    ".5",
    "1e9999",
    "9".repeat(90),
    "~",
    "null",
    "? ",
    "é",
    "\uD83D\uDE00",
    "\uFEFF",
    "\u0000",
    "\u2028",
    "include: a.yaml\n",
    "envfile: e\n",
    "x.y: 1\n",
    ".: 1\n",
    "..a: 1\n",
    "true",
    "1h30m",
    ",",
    "@",
    "`",
    "\r\n",
    "b:\n  c:\n    - d: 1\n"
  };
  private static final String WHOLE =
      """
      version: "3"
      rpc: {listen: "tcp://127.0.0.1:${PORT:-6001}"}
      base: &base {a: 1, b: [x, y], c: {d: 1s}}
      http:
        <<: *base
        address: ':8080'
        text: |
          one
          two
        list:
          - A: b
          - C: "d\\n"
      """;

  @TempDir Path folder = Path.of("");

  @Test
  void yamlOfPieces() {
    Random random = new Random(SEED);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(30); n > 0; n--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      check(text.toString(), random);
    }
  }

  @Test
  void yamlWithDamage() {
    Random random = new Random(SEED + 1);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder text = new StringBuilder(WHOLE);
      for (int n = 1 + random.nextInt(5); n > 0; n--) {
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.insert(at, PIECES[random.nextInt(PIECES.length)]);
        } else {
          text.delete(at, Math.min(text.length(), at + random.nextInt(6)));
        }
      }
      check(text.toString(), random);
    }
  }

  @Test
  void bytes() throws IOException {
    Random random = new Random(SEED + 2);
    Path file = folder.resolve("f.yaml");
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      Files.write(file, bytes);
      assertThatCode(() -> load(file)).doesNotThrowAnyException();
    }
  }

  private static void load(Path file) {
    try {
      TestHost.of(file).load();
    } catch (ConfigException expected) {
      // The only way to fail.
    }
  }

  private static void check(String text, Random random) {
    assertThatCode(() -> decode(text, random.nextInt()))
        .as("seed %d, text %s", SEED, text)
        .doesNotThrowAnyException();
  }

  private static void decode(String text, int choice) {
    Node.Mapping root;
    try {
      root = YamlReader.read(Path.of("f.yaml"), text);
    } catch (ConfigException expected) {
      return;
    }
    Node.Mapping expanded = new Expansion(Map.of("A", "a$B", "PORT", "1")).expand(root);
    ConfigTree tree = new ConfigTree(expanded, root, Map.of(), List.of());
    Configuration configuration = new Configuration(tree, Path.of("f"), Catalogue.EMPTY);
    configuration.tree();
    Problems problems = new Problems();
    List<String> names = new ArrayList<>(expanded.entries().keySet());
    names.add("absent");
    for (String name : names) {
      configuration.has(name);
      configuration.get(name + ".x.y");
      Section section = configuration.section("", problems);
      everything(section, name);
      everything(section.section(name), "a");
    }
    configuration.unknownKeys(List.of());
    Overrides.set(
        expanded, List.of("a", "a.b", ".", "", "a..b").get(Math.floorMod(choice, 5)), "v");
  }

  private static void everything(Section section, String key) {
    section.string(key, "");
    section.bool(key, false);
    section.integer(key, 0, -5, 5);
    section.decimal(key, 0);
    section.duration(key, Duration.ZERO);
    section.choice(key, CaseFile.Colour.class, CaseFile.Colour.RED);
    section.strings(key, List.of());
    section.stringOrList(key, StringOrList.EMPTY);
    section.map(key);
    section.sections(key);
    section.sectionMap(key).values().forEach(Section::keys);
  }

  @Test
  void expansionOfAnything() {
    Random random = new Random(SEED + 3);
    String letters = "${}:-aA_1*é ";
    Expansion expansion = new Expansion(Map.of("a", "x", "A", "$a", "_1", ""));
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      assertThatCode(() -> expansion.expand(text.toString()))
          .as("%s", text)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void environmentFilesAndOverridesAndDurations() {
    Random random = new Random(SEED + 4);
    String letters = "A=:'\"\\#$ {}\nexport1.hms-\u00b5";
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(24)];
      for (int n = 0; n < bytes.length; n++) {
        bytes[n] = (byte) letters.charAt(random.nextInt(letters.length()));
      }
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      assertThatCode(
              () -> {
                illegalAtMost(() -> DotEnv.parse(text, Map.of()));
                illegalAtMost(() -> Overrides.parse(text));
                illegalAtMost(() -> GoDuration.parse(text));
              })
          .as("%s", text)
          .doesNotThrowAnyException();
    }
  }

  private static void illegalAtMost(Runnable action) {
    try {
      action.run();
    } catch (IllegalArgumentException expected) {
      // What the loader turns into a problem.
    }
  }
}
