package dev.rr.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Compiles what was generated and runs it. */
class RunTest {
  private static final Path GOOD = Path.of("src/test/resources/good");

  private static List<Path> sources(String... folders) {
    List<Path> sources = new ArrayList<>();
    for (String folder : folders) {
      sources.addAll(Javac.sources(GOOD.resolve(folder)));
    }
    return sources;
  }

  /** Calls a static method; only types of the JDK cross the border between class loaders. */
  private static Object call(Javac.Result result, String type, String method, Object... arguments)
      throws Exception {
    assertThat(result.errors()).isEmpty();
    URL[] path = {
      result.classes().toUri().toURL(), Javac.contracts().toUri().toURL(),
    };
    try (URLClassLoader loader = new URLClassLoader(path, RunTest.class.getClassLoader())) {
      Class<?>[] types = arguments.length == 0 ? new Class<?>[0] : new Class<?>[] {Map.class};
      return loader.loadClass(type).getMethod(method, types).invoke(null, arguments);
    }
  }

  private static Map<?, ?> bind(Map<String, Object> values) throws Exception {
    Javac.Result result = Javac.compile(sources("greeter", "fake", "binding"));
    return (Map<?, ?>) call(result, "test.greeter.Binding", "bind", values);
  }

  @Test
  void wiresPackagePrivatePluginsFromAnotherPackage() throws Exception {
    Javac.Result result = Javac.compileWithDagger(sources("wiring", "fake"));
    Map<?, ?> seen = (Map<?, ?>) call(result, "test.app.App", "run");

    assertThat(seen.get("same")).as("one object of a plugin").isEqualTo(true);
    assertThat(seen.get("fresh")).as("a new value of an @Offers method").isEqualTo(true);
    assertThat(seen.get("title")).isEqualTo("the hub");
    assertThat(seen.get("keys")).isEqualTo(List.of("spoke", "spoke#second"));
    assertThat(seen.get("collected")).isEqualTo(List.of("spoke/5:has a hub", "spoke/5:second"));
    assertThat(String.valueOf(seen.get("schemas"))).contains("key=hub", "name=title");
  }

  @Test
  void answersRpcWithMapsOfRecordsAndFalseForVoid() throws Exception {
    Javac.Result result = Javac.compileWithDagger(sources("wiring", "fake"));
    Map<?, ?> seen = (Map<?, ?>) call(result, "test.app.App", "run");

    assertThat(seen.get("answer"))
        .isEqualTo(
            List.of(
                Map.of("Name", "> spoke/5:has a hub", "size", 17),
                Map.of("Name", "> spoke/5:second", "size", 14)));
    assertThat(seen.get("nothing")).isEqualTo(false);
    assertThat(seen.get("left")).as("the call reached the plugin").isEqualTo(List.of());
  }

  @Test
  void bindsFallbacksWhereKeysAreAbsent() throws Exception {
    Map<?, ?> bound = bind(Map.of("name", "Ann"));

    assertThat(bound.get("problems")).isEqualTo(List.of());
    assertThat(String.valueOf(bound.get("record")))
        .contains(
            "name=Ann, loud=true, times=3, maxBytes=0, share=0.5, pause=PT1M30S, mood=GOOD_BYE",
            "command=StringOrList[values=[say hello], list=false], words=[a, b], env={}, token=,",
            "part=Part[size=0], parts=[], byName={}",
            "nick=Optional.empty, age=Optional.empty, otherMood=Optional.empty,",
            "otherPart=Optional.empty, section=, whole=false");
  }

  @Test
  void bindsWhatIsThere() throws Exception {
    Map<?, ?> bound =
        bind(
            Map.ofEntries(
                Map.entry("name", "Ann"),
                Map.entry("loud", "false"),
                Map.entry("times", 10),
                Map.entry("max-bytes", 5_000_000_000L),
                Map.entry("mood", "hello"),
                Map.entry("part", Map.of("size", 1)),
                Map.entry("parts", List.of(Map.of("size", 2), Map.of("size", 3))),
                Map.entry("by_name", Map.of("b", Map.of("size", 5))),
                Map.entry("age", 7),
                Map.entry("other_mood", "hello"),
                Map.entry("other_part", Map.of("size", 6)),
                Map.entry("section", "s"),
                Map.entry("whole", "true")));

    assertThat(bound.get("problems")).isEqualTo(List.of());
    assertThat(String.valueOf(bound.get("record")))
        .contains(
            "loud=false, times=10, maxBytes=5000000000",
            "mood=HELLO",
            "part=Part[size=1], parts=[Part[size=2], Part[size=3]], byName={b=Part[size=5]}",
            "age=Optional[7], otherMood=Optional[HELLO], otherPart=Optional[Part[size=6]]",
            "section=s, whole=true");
  }

  @Test
  void recordsEveryProblemOfEveryPart() throws Exception {
    Map<?, ?> bound =
        bind(
            Map.of(
                "times", 11,
                "part", Map.of("size", 4),
                "parts", List.of(Map.of("size", 1), Map.of("size", 4)),
                "other_part", Map.of("size", -6)));

    assertThat((List<?>) bound.get("problems"))
        .map(Object::toString)
        .containsExactly(
            "name: is missing; expected text",
            "times: 11 is not within 1 and 10",
            "part: size is 4, which is unlucky",
            "parts[1]: size is 4, which is unlucky",
            "other_part.size: -6 is not within -5 and 2147483647");
    assertThat(bound.get("record")).isEqualTo("none");
  }

  @Test
  void describesTheSection() throws Exception {
    Javac.Result result = Javac.compile(sources("greeter", "fake", "binding"));

    assertThat(call(result, "test.greeter.Binding", "schema").toString())
        .startsWith(
            "tools.greeter Schema[key=tools.greeter, driver=, fields=[Field[name=name, type=STRING")
        .contains(
            "Field[name=max-bytes, type=INTEGER",
            "choices=[hello, good_bye]",
            "Field[name=token, type=STRING, fallback=, required=false, secret=true",
            "Field[name=by_name, type=SECTION_MAP",
            "Field[name=later, type=ANY");
  }
}
