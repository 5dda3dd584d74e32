package dev.rr.kernel;

import static dev.rr.kernel.PluginState.Status.DISABLED;
import static dev.rr.kernel.PluginState.Status.FAILED;
import static dev.rr.kernel.PluginState.Status.LIVE;
import static dev.rr.kernel.PluginState.Status.SKIPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Configurer;
import dev.rr.api.plugin.PluginDisabled;
import dev.rr.kernel.PluginState.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PluginInitializerTest {
  private static final String SERVER = "dev.rr.api.worker.Server";
  private static final HostSettings SETTINGS =
      new HostSettings(Path.of("/app/.rr.yaml"), Path.of("/app"), Map.of(), List.of(), false);

  private final FakeAssembly assembly = new FakeAssembly();

  private Kernel initialised() {
    Kernel kernel = new Kernel(assembly, SETTINGS, f -> {});
    kernel.init();
    return kernel;
  }

  private static PluginState state(Kernel kernel, String id) {
    return kernel.states().stream()
        .filter(s -> s.plugin().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Status status(Kernel kernel, String id) {
    return state(kernel, id).status();
  }

  private void serverAndDependants() {
    assembly.config();
    assembly.plugin("server").enabledBy("server").offers(SERVER);
    assembly.plugin("http").needs(SERVER).offers("x.Http");
    assembly.plugin("third").needs("x.Http").offers("x.Third");
    assembly.plugin("fourth").needs("x.Third");
    assembly.plugin("alone");
  }

  @Test
  void disablingReachesTheSecondLevelWithAChainOfReasons() {
    serverAndDependants();
    Kernel kernel = initialised();
    assertThat(state(kernel, "server").reason()).isEqualTo("no section \"server\"");
    assertThat(state(kernel, "http").reason())
        .isEqualTo(
            "needs dev.rr.api.worker.Server, offered by server, which is disabled: no section"
                + " \"server\"");
    assertThat(status(kernel, "alone")).isEqualTo(LIVE);
    assertThat(kernel.problems()).isEmpty();
  }

  @Test
  void aPluginWhoseSectionIsThereAndWhoseNeedIsSwitchedOffIsTold() {
    assembly.config();
    assembly.configurer.with("http");
    assembly.plugin("server").enabledBy("server").offers(SERVER);
    assembly.plugin("http").enabledBy("http").needs(SERVER);
    assembly.plugin("tcp").enabledBy("tcp").needs(SERVER);
    assembly.plugin("always").needs(SERVER);
    assertThat(initialised().starved()).extracting(s -> s.plugin().id()).containsExactly("http");
  }

  @Test
  void disablingReachesTheFourthLevelAndConstructsNothingOnTheWay() {
    serverAndDependants();
    Kernel kernel = initialised();
    assertThat(state(kernel, "fourth"))
        .extracting(PluginState::status, PluginState::reason)
        .containsExactly(
            DISABLED,
            "needs x.Third, offered by third, which is disabled: needs x.Http, offered by http,"
                + " which is disabled: needs dev.rr.api.worker.Server, offered by server, which is"
                + " disabled: no section \"server\"");
    assertThat(assembly.seen)
        .containsExactly("new config", "init config", "new alone", "init alone");
  }

  @Test
  void anotherOfferReplacesADisabledOne() {
    assembly.plugin("a").offers("x.C").weight(110).onInit(h -> disable("not today"));
    assembly.plugin("c").offers("x.C").weight(100);
    assembly.plugin("b").needs("x.C");
    Kernel kernel = initialised();
    assertThat(status(kernel, "b")).isEqualTo(LIVE);
    assertThat(state(kernel, "a").reason()).isEqualTo("not today");
    assertThat(assembly.seen).contains("new b c");
  }

  @Test
  void theHeaviestLiveOfferIsTaken() {
    assembly.plugin("light").offers("x.C").weight(1);
    assembly.plugin("heavy").offers("x.C").weight(100);
    assembly.plugin("b").needs("x.C");
    initialised();
    assertThat(assembly.seen).contains("new b heavy");
  }

  @Test
  void theReasonNamesEveryOfferThatIsDisabled() {
    assembly.plugin("a").offers("x.C").weight(2).onInit(h -> disable("one"));
    assembly.plugin("c").offers("x.C").onInit(h -> disable("two"));
    assembly.plugin("b").needs("x.C");
    assertThat(state(initialised(), "b").reason())
        .isEqualTo(
            "needs x.C, offered by a, which is disabled: one; and offered by c, which is disabled:"
                + " two");
  }

  @Test
  void aContractThatNothingOffersDisablesWhoNeedsIt() {
    assembly.plugin("b").needs("x.C").needs("x.D");
    assembly.plugin("rest");
    Kernel kernel = initialised();
    assertThat(state(kernel, "b").reason())
        .isEqualTo("needs x.C, which nothing in this binary offers");
    assertThat(status(kernel, "rest")).isEqualTo(LIVE);
  }

  @Test
  void theHostIsNeverMissing() {
    assembly.plugin("b").needs("dev.rr.api.plugin.Host");
    assertThat(status(initialised(), "b")).isEqualTo(LIVE);
  }

  @Test
  void everySectionHasToBeThereUnlessOneIsEnough() {
    assembly.config();
    assembly.configurer.with("http", "jobs");
    assembly.plugin("headers").enabledBy("http", "http.headers");
    assembly.plugin("sqs").enabledByAny("sqs", "jobs");
    assembly.plugin("amqp").enabledByAny("amqp", "rabbit");
    assembly.plugin("both").enabledBy("x", "y");
    Kernel kernel = initialised();
    assertThat(state(kernel, "headers").reason()).isEqualTo("no section \"http.headers\"");
    assertThat(status(kernel, "sqs")).isEqualTo(LIVE);
    assertThat(state(kernel, "amqp").reason())
        .isEqualTo("none of the sections \"amqp\", \"rabbit\"");
    assertThat(state(kernel, "both").reason()).isEqualTo("no sections \"x\", \"y\"");
  }

  @Test
  void problemsOfAllPluginsAreReportedAtOnceAndOnlyOnce() {
    assembly.config();
    assembly.plugin("http").onConstruct(h -> fail("http.address", "is no address"));
    assembly.plugin("headers").onConstruct(h -> fail("http.address", "is no address"));
    assembly.plugin("rpc").onInit(h -> fail("rpc.listen", "is no address"));
    assembly.plugin("bad").onInit(h -> error("no entropy"));
    Kernel kernel = initialised();
    assertThatThrownBy(kernel::check)
        .isInstanceOf(KernelException.class)
        .hasMessage(
            """
            .rr.yaml:7: http.address: is no address
            .rr.yaml:7: rpc.listen: is no address
            init error from the plugin bad: no entropy\
            """);
  }

  @Test
  void aPluginWithWrongValuesIsExaminedLikeTheOthersAndSoIsWhatNeedsIt() {
    assembly.config();
    assembly
        .plugin("server")
        .offers(SERVER)
        .wrong(FakeConfigurer.problem("server.relay", "is no address"));
    assembly
        .plugin("http")
        .needs(SERVER)
        .wrong(FakeConfigurer.problem("http.max", "is no number"))
        .onCheck(h -> {}, FakeConfigurer.problem("http.middleware", "is no middleware"));
    Kernel kernel = initialised();
    assertThat(status(kernel, "http")).isEqualTo(FAILED);
    assertThatThrownBy(kernel::check)
        .hasMessage(
            """
            .rr.yaml:7: server.relay: is no address
            .rr.yaml:7: http.max: is no number
            .rr.yaml:7: http.middleware: is no middleware\
            """);
  }

  @Test
  void whatACheckSaysOfAWrongValueIsNotTold() {
    assembly.config();
    assembly
        .plugin("http")
        .wrong(FakeConfigurer.problem("http.pool.size", "is no number"))
        .onCheck(
            h -> {},
            FakeConfigurer.problem("http.pool.size", "is 0"),
            FakeConfigurer.problem("http", "has no workers"),
            FakeConfigurer.problem("http.pool.sizes", "is another key"));
    assertThatThrownBy(initialised()::check)
        .hasMessage(
            """
            .rr.yaml:7: http.pool.size: is no number
            .rr.yaml:7: http.pool.sizes: is another key\
            """);
  }

  @Test
  void whatAPluginStumblesOverIsLeftOutWhereAFallbackMayBeTheReason() {
    assembly.config();
    assembly
        .plugin("server")
        .offers(SERVER)
        .wrong(FakeConfigurer.problem("server.user", "is none"));
    assembly.plugin("http").needs(SERVER).offers("x.Http").onInit(h -> error("no command"));
    assembly.plugin("third").needs("x.Http");
    assembly.plugin("tcp").needs(SERVER).onCheck(h -> error("no command either"));
    assembly.plugin("alone").onCheck(h -> error("no entropy"));
    Kernel kernel = initialised();
    assertThat(status(kernel, "http")).isEqualTo(SKIPPED);
    assertThat(status(kernel, "third")).isEqualTo(SKIPPED);
    assertThatThrownBy(kernel::check)
        .hasMessage(
            """
            .rr.yaml:7: server.user: is none
            check error from the plugin alone: no entropy\
            """);
  }

  @Test
  void whatMayBeRightLaterIsAWarningAlsoWhenStrict() throws Exception {
    assembly.config();
    assembly.plugin("jobs").warns(FakeConfigurer.problem("jobs.consume", "is not there yet"));
    HostSettings strict =
        new HostSettings(Path.of("/app/.rr.yaml"), Path.of("/app"), Map.of(), List.of(), true);
    Kernel kernel = new Kernel(assembly, strict, f -> {});
    kernel.init();
    assertThat(kernel.check())
        .singleElement()
        .hasToString(".rr.yaml:7: jobs.consume: is not there yet");
  }

  @Test
  void whatNeedsAFailedPluginIsSkippedWithoutNoise() {
    assembly.plugin("server").offers(SERVER).onInit(h -> error("broken"));
    assembly.plugin("http").needs(SERVER).offers("x.Http");
    assembly.plugin("third").needs("x.Http");
    Kernel kernel = initialised();
    assertThat(status(kernel, "server")).isEqualTo(FAILED);
    assertThat(status(kernel, "http")).isEqualTo(SKIPPED);
    assertThat(status(kernel, "third")).isEqualTo(SKIPPED);
    assertThat(kernel.problems()).containsExactly("init error from the plugin server: broken");
  }

  @Test
  void aBrokenConfigurationIsTheOnlyProblem() {
    assembly.config().onInit(h -> fail("", "is no YAML"));
    assembly.logger();
    assembly.plugin("http").enabledBy("http").needs(Configurer.class.getName());
    Kernel kernel = initialised();
    assertThat(kernel.problems()).containsExactly(".rr.yaml:7: is no YAML");
    assertThat(status(kernel, "http")).isEqualTo(SKIPPED);
  }

  @Test
  void nothingToServeSaysWhy() {
    assembly.config();
    assembly.logger();
    assembly.plugin("server").enabledBy("server").offers(SERVER);
    assembly.plugin("http").enabledBy("http").needs(SERVER).offers("x.Http");
    assembly.plugin("headers").enabledBy("other.headers").offers("x.Middleware");
    assembly.plugin("gzip").offers("x.Middleware");
    assembly.configurer.values.put("server", "x");
    assembly.configurer.values.put("other.headers", "x");
    Kernel kernel = initialised();
    assertThat(status(kernel, "server")).isEqualTo(LIVE);
    assertThat(status(kernel, "headers")).isEqualTo(LIVE);
    assertThat(status(kernel, "gzip")).isEqualTo(LIVE);
    assertThatThrownBy(kernel::requireWork)
        .hasMessage(
            """
            nothing to serve: all plugins that serve are disabled
              http: no section "http\"\
            """);
  }

  @Test
  void oneThatServesIsEnough() {
    assembly.config();
    assembly.plugin("http").enabledBy("http").offers("x.Http");
    assembly.configurer.values.put("http", "x");
    assertThatCode(initialised()::requireWork).doesNotThrowAnyException();
    FakeAssembly without = new FakeAssembly();
    without.plugin("ticker");
    Kernel kernel = new Kernel(without, SETTINGS, f -> {});
    kernel.init();
    assertThatCode(kernel::requireWork).doesNotThrowAnyException();
  }

  @Test
  void nothingInTheBinaryServes() {
    assembly.plugin("gzip").offers("x.Middleware");
    assertThatThrownBy(initialised()::requireWork)
        .hasMessage("nothing to serve: no plugin of this binary serves anything by itself");
  }

  @Test
  void nothingAtAllIsSaidSo() {
    Kernel kernel = new Kernel(new EmptyAssembly(), SETTINGS, f -> {});
    kernel.init();
    assertThatThrownBy(kernel::requireWork).hasMessage("no plugins registered");
  }

  @Test
  void unknownKeysAreWarningsAndErrorsWhenStrict() throws Exception {
    assembly.config();
    assembly.plugin("x");
    assembly.configurer.unknown.add("htpp");
    assertThat(initialised().check())
        .singleElement()
        .hasToString(".rr.yaml:7: htpp: nothing in this binary reads it");
    HostSettings strict =
        new HostSettings(Path.of("/app/.rr.yaml"), Path.of("/app"), Map.of(), List.of(), true);
    Kernel kernel = new Kernel(assembly, strict, f -> {});
    kernel.init();
    assertThatThrownBy(kernel::check)
        .hasMessage(".rr.yaml:7: htpp: nothing in this binary reads it");
    assertThat(assembly.configurer.asked).extracting("key").contains("endure");
  }

  @Test
  void unknownKeysStandBesideErrorsThatTheyMayExplain() {
    assembly.config();
    assembly.plugin("http").onInit(h -> fail("http", "has no address"));
    assembly.configurer.unknown.add("http.addres");
    assertThatThrownBy(initialised()::check)
        .hasMessage(
            """
            .rr.yaml:7: http: has no address
            [WARN] .rr.yaml:7: http.addres: nothing in this binary reads it\
            """);
  }

  @Test
  void theGracePeriodComesFromTheConfigurationAndABadOneIsAProblem() {
    assembly.config();
    assembly.configurer.values.put("endure.grace_period", "1500");
    Kernel kernel = initialised();
    assertThat(kernel.gracePeriod()).hasMillis(1500);
    assembly.configurer.values.put("endure.grace_period", "soon");
    assertThat(initialised().problems())
        .containsExactly(".rr.yaml:7: endure.grace_period: \"soon\" is no duration");
  }

  @Test
  void theGracePeriodIsHalfAMinuteByDefaultAndAnUnknownLevelIsNamed() {
    assembly.config();
    assembly.configurer.values.put("endure.log_level", "foobar");
    Kernel kernel = initialised();
    assertThat(kernel.gracePeriod()).hasSeconds(30);
    assertThat(kernel.endure().levelWarning()).contains("unknown log level \"foobar\"");
  }

  private static void disable(String reason) throws PluginDisabled {
    throw new PluginDisabled(reason);
  }

  private static void error(String text) {
    throw new IllegalStateException(text);
  }

  private static void fail(String path, String message) {
    throw new ConfigException(List.of(FakeConfigurer.problem(path, message)));
  }
}
