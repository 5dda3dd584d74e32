package dev.rr.build.select;

import static dev.rr.build.Samples.CONFIGURER;
import static dev.rr.build.Samples.plugin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.Samples;
import dev.rr.build.Samples.FakeResolver;
import dev.rr.build.Versions;
import dev.rr.processor.descriptor.Descriptors;
import dev.rr.processor.root.SelectedPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectorTest {
  private static final Versions VERSIONS = new Versions("1.0", "2.60.1");

  @TempDir Path folder;
  private FakeResolver resolver;
  private Optional<Input> own = Optional.empty();

  @BeforeEach
  void catalogue() throws IOException {
    resolver =
        new FakeResolver(folder)
            .knows(
                Samples.config(),
                Samples.logger(),
                Samples.server(),
                Samples.http(),
                Samples.gzip(),
                plugin("proxy_ip_parser").offers(Samples.MIDDLEWARE));
  }

  private Selection select(String names) throws BuildException {
    return select(names, false);
  }

  private Selection select(String names, boolean autoAdd) throws BuildException {
    return new Selector(resolver, own, VERSIONS).select(List.of(names.split(",", -1)), autoAdd);
  }

  private List<String> problems(String names) {
    try {
      select(names);
    } catch (BuildException e) {
      return e.problems();
    }
    throw new AssertionError(names + " was accepted");
  }

  private static List<String> order(Selection selection) {
    return selection.graph().order().stream().map(SelectedPlugin::id).toList();
  }

  @Test
  void orderOfNamesDoesNotMatter() throws Exception {
    Selection one = select("config,logger,server,http,gzip");
    // Maven hands an element without text over as null.
    Selection other =
        new Selector(resolver, own, VERSIONS)
            .select(
                Arrays.asList("gzip", " http", "server", "", null, "config", "logger", "http"),
                false);
    assertThat(order(one)).containsExactly("config", "logger", "gzip", "server", "http");
    assertThat(order(other)).isEqualTo(order(one));
    assertThat(other.inputs()).isEqualTo(one.inputs());
  }

  @Test
  void aStarStandsForEveryPlugin() throws Exception {
    assertThat(order(select("*")))
        .containsExactlyInAnyOrder("config", "logger", "server", "http", "gzip", "proxy_ip_parser");
  }

  @Test
  void aPluginOnTheClassPathThatIsNotChosenIsAHint() throws Exception {
    resolver = new FakeResolver(folder).knows(Samples.config()).drags(Samples.plugin("stowaway"));
    Selection selection = select("config");
    assertThat(order(selection)).containsExactly("config");
    assertThat(selection.hints())
        .singleElement()
        .asString()
        .contains("holds the plugin stowaway, which is not chosen; add ");
  }

  @Test
  void aPluginIsFoundByItsIdAsWell() throws Exception {
    assertThat(order(select("proxy_ip_parser"))).containsExactly("proxy_ip_parser");
    assertThat(order(select("proxy-ip-parser"))).containsExactly("proxy_ip_parser");
  }

  @Test
  void aPluginOfRrNamedInFullHasItsVersionFromTheCatalogue() throws Exception {
    String artifact = Samples.gzip().coordinates().key();
    assertThat(order(select(artifact))).containsExactly("gzip");
  }

  @Test
  void aMissingNeedNamesWhoOffersItAndTheLineThatAddsIt() {
    assertThat(problems("config,logger,http"))
        .containsExactly(
            "http needs dev.rr.api.worker.Server; offered by plugin server"
                + " (dev.rr:rr-plugin-server:1.0): add it to rr.plugins:"
                + " -Drr.plugins=config,logger,server,http, or let -Drr.autoAdd do it");
  }

  @Test
  void theLineToAddClosesOverTheNeedsOfWhatItAdds() {
    assertThat(problems("http"))
        .hasSize(3)
        .allSatisfy(p -> assertThat(p).contains("-Drr.plugins=config,logger,server,http,"));
  }

  @Test
  void autoAddAddsWhatIsNeeded() throws Exception {
    Selection selection = select("http", true);
    assertThat(order(selection)).containsExactly("config", "logger", "server", "http");
    assertThat(selection.added()).containsExactly("config", "logger", "server");
  }

  @Test
  void aNeedThatNobodyKnownOffersIsToldAsSuch() throws Exception {
    resolver.has(
        new Coordinates("com.example", "alone", "1"), plugin("alone").needs("com.example.Clock"));
    assertThat(problems("com.example:alone:1"))
        .singleElement()
        .asString()
        .startsWith(
            "alone needs com.example.Clock; no plugin of this selection and none of rr offers it");
  }

  @Test
  void autoAddDoesNotHideWhatItCannotAdd() throws Exception {
    resolver.has(
        new Coordinates("com.example", "alone", "1"), plugin("alone").needs("com.example.Clock"));
    assertThatThrownBy(() -> select("http,com.example:alone:1", true))
        .hasMessageStartingWith("alone needs com.example.Clock;");
  }

  @Test
  void aMisspeltNameIsAnsweredWithTheNearestAndHidesItsConsequences() {
    assertThat(problems("config,logger,sever,http"))
        .containsExactly(
            "rr.plugins names sever, which is no plugin of rr. Did you mean server?"
                + " A plugin of somebody else is named by groupId:artifactId:version.");
  }

  @Test
  void theLineToAddHasTheNearestNameInThePlaceOfAMisspeltOne() {
    assertThat(problems("confg,loger,http,gzpi"))
        .hasSize(4)
        .last()
        .asString()
        .contains("-Drr.plugins=config,logger,server,http,gzip, or");
  }

  @Test
  void theLineToAddClosesOverTheNeedsOfAMisspeltNameAsWell() {
    assertThat(problems("htpp,server"))
        .last()
        .asString()
        .contains("-Drr.plugins=config,logger,http,server, or");
  }

  @Test
  void theLineToAddLeavesOutANameThatIsLikeNothing() {
    assertThat(problems("config,logger,zzzzzz,http"))
        .last()
        .asString()
        .contains("-Drr.plugins=config,logger,server,http, or");
  }

  @Test
  void aNameLikeNothingListsAll() {
    assertThat(problems("config,zzzzzz"))
        .singleElement()
        .asString()
        .contains("These are: config, gzip, http, logger, proxy-ip-parser, server.");
  }

  @Test
  void allProblemsAreToldAtOnce() throws Exception {
    resolver.has(new Coordinates("com.example", "other-gzip", "2"), plugin("gzip"));
    assertThat(problems("loger,http,gzip,com.example:other-gzip:2,a:b:c:d,com.example:unknown"))
        .hasSize(6)
        .anySatisfy(p -> assertThat(p).contains("loger").contains("logger"))
        .anySatisfy(p -> assertThat(p).contains("dev.rr.api.config.Configurer"))
        .anySatisfy(p -> assertThat(p).contains("dev.rr.api.worker.Server"))
        .anySatisfy(p ->
            assertThat(p)
                .contains("com.example:other-gzip:2")
                .contains("dev.rr:rr-plugin-gzip:1.0"))
        .anySatisfy(p -> assertThat(p).contains("a:b:c:d"))
        .anySatisfy(p -> assertThat(p).contains("com.example:unknown without a version"));
  }

  @Test
  void twoPluginsWithOneIdAreNamedWithTheirArtifacts() throws Exception {
    resolver.has(new Coordinates("com.example", "other", "2"), plugin("gzip"));
    assertThat(problems("gzip,com.example:other:2"))
        .containsExactly(
            "Two plugins have the id gzip: sample.gzip.GzipPlugin in com.example:other:2 and"
                + " sample.gzip.GzipPlugin in dev.rr:rr-plugin-gzip:1.0. Leave one of them out, or"
                + " rename yours in @Plugin(\"gzip\").");
  }

  @Test
  void aCycleIsToldWithItsPathAndWhatEachArrowIs() throws Exception {
    resolver.has(
        new Coordinates("com.example", "ring", "1"),
        plugin("a").needs("x.B").offers("x.A"),
        plugin("b").collects("take", "x.C").offers("x.B"),
        plugin("c").mayUse("x.A").offers("x.C"));
    assertThat(problems("com.example:ring"))
        .containsExactly(
            """
            Plugins wait for each other: a -> b -> c -> a
            a needs x.B, offered by b
            b collects x.C, offered by c
            c may use x.A, offered by a
            Break it at one of these, for example by collecting later what one of them needs now.\
            """);
  }

  @Test
  void aDescriptorOfAnotherFormatIsToldWithItsArtifact() throws Exception {
    String json =
        Descriptors.toJson(plugin("far").descriptor()).replace("\"format\": 2", "\"format\": 7");
    resolver.has(
        new Coordinates("com.example", "far", "3"), Map.of("META-INF/rr/plugin/far.json", json));
    assertThat(problems("com.example:far:3"))
        .singleElement()
        .asString()
        .startsWith("com.example:far:3: cannot read META-INF/rr/plugin/far.json: format is 7");
  }

  @Test
  void aPluginThatWasCompiledWithoutTheProcessorGetsTheConfigurationToAdd() throws Exception {
    resolver.has(
        new Coordinates("com.example", "silent", "1"),
        Map.of("com/example/Silent.class", "…Ldev/rr/annotation/Plugin;…"));
    assertThat(problems("com.example:silent:1"))
        .singleElement()
        .asString()
        .startsWith(
            "com.example:silent:1 has a class with @Plugin but no META-INF/rr/plugin/*.json")
        .contains("<proc>full</proc>")
        .contains("<artifactId>rr-processor</artifactId><version>1.0</version>")
        .doesNotContain("dagger-compiler");
  }

  @Test
  void aLibraryIsNoPlugin() throws Exception {
    resolver.has(new Coordinates("com.example", "lib", "1"), Map.of("com/example/A.class", "A"));
    assertThat(problems("com.example:lib:1"))
        .singleElement()
        .asString()
        .startsWith("com.example:lib:1 holds no plugin");
  }

  @Test
  void oneArtifactInTwoVersionsIsAProblem() throws Exception {
    resolver.has(new Coordinates("com.example", "gz", "1"), plugin("gz"));
    resolver.has(new Coordinates("com.example", "gz", "2"), plugin("gz"));
    assertThat(problems("com.example:gz:1,com.example:gz:2"))
        .containsExactly("rr.plugins names com.example:gz twice: 1 and 2");
  }

  @Test
  void nothingChosenIsAProblemThatListsWhatThereIs() {
    assertThat(problems("")).singleElement().asString().startsWith("No plugin is chosen.");
  }

  @Test
  void pluginsOfTheOwnModuleAreSelectedUnasked() throws Exception {
    own("mine", plugin("mine").needs(CONFIGURER));
    Selection selection = select("config");
    assertThat(order(selection)).containsExactly("config", "mine");
    assertThat(selection.catalogue())
        .anySatisfy(e -> assertThat(e.coordinates()).isEqualTo("com.example:mine:1"));
  }

  @Test
  void ownClassesWithoutADescriptorAreToldLikeAnyPlugin() throws Exception {
    own("mine");
    Files.writeString(folder.resolve("mine/A.class"), "Ldev/rr/annotation/Plugin;");
    assertThat(problems("config"))
        .singleElement()
        .asString()
        .contains("compiled without rr-processor");
  }

  private void own(String name, Samples.Sample... samples) throws IOException {
    Path classes = Files.createDirectories(folder.resolve(name));
    for (Samples.Sample sample : samples) {
      Path file = classes.resolve(Descriptors.path(sample.descriptor().id()));
      Files.createDirectories(file.getParent());
      Files.writeString(file, Descriptors.toJson(sample.descriptor()));
    }
    Input input = new Input(new Coordinates("com.example", name, "1"), classes);
    own = Optional.of(input);
    resolver.own(input);
  }
}
