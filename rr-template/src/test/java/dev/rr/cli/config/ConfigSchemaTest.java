package dev.rr.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.Catalogue;
import dev.rr.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The descriptor of the plugin {@code web} is among the tests' resources. */
final class ConfigSchemaTest {
  private static @Nullable Object json(String text) {
    return JsonReader.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), 0);
  }

  private static Map<String, Object> schema() throws IOException {
    ConfigSchema schema = new ConfigSchema();
    schema.addDescriptor("web");
    schema.addDescriptor("without-a-descriptor");
    schema.addOutside(
        new Catalogue(
            List.of(
                new Catalogue.Entry("jobs", "a:jobs:1", false, List.of("jobs"), List.of()),
                new Catalogue.Entry("cache", "a:cache:1", false, List.of("web.cache"), List.of()),
                new Catalogue.Entry("web", "a:web:1", true, List.of("web"), List.of()))));
    return schema.document();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'version': '3', 'include': 'a.yaml b.yaml', 'envfile': null}",
        "{'web': {'address': ':80', 'wait': '1m30s', 'debug': true, 'share': 0.5, 'mode': 'slow'}}",
        "{'web': {'address': '${A}', 'wait': '${B:-30s}', 'debug': '$C', 'share': '${D}', 'mode':"
            + " '$E'}}",
        "{'web': {'address': 80, 'wait': 1000, 'debug': 'yes', 'mode': null, 'types': 'a,b'}}",
        "{'web': {'address': '', 'types': ['a', 1], 'env': {'A': 1}, 'gzip': {'level': '9'}}}",
        "{'web': {'address': '', 'env': [{'A': 'b'}], 'pools': {'x': {'size': 3}}, 'gzip': null}}",
        "{'web.address': ':80', 'jobs': {'anything': 1}}",
        "{'web': {'address': '', 'cache': {'anything': 1}, 'pools.x': {}}}",
        "{'stores': {'a': {'driver': 'redis', 'config': {'addrs': 'x'}}}}",
        "{'stores': {'a': {'driver': 'memory', 'config': {'interval': 1}}}}"
      })
  void whatTheServerReadsFits(String file) throws IOException {
    assertThat(SchemaValidator.faults(schema(), json(file))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'wbe': {}} | .wbe",
        "{'version': 3} | .version",
        "{'web': {}} | .web.address",
        "{'web': {'address': '', 'adress': ''}} | .web.adress",
        "{'web': {'address': '', 'wait': '30'}} | .web.wait",
        "{'web': {'address': '', 'debug': 'maybe'}} | .web.debug",
        "{'web': {'address': '', 'mode': 'fsat'}} | .web.mode",
        "{'web': {'address': '', 'gzip': {'level': 10}}} | .web.gzip.level",
        "{'web': {'address': '', 'pools': {'x': {'sise': 1}}}} | .web.pools.x.sise",
        "{'web': ':80'} | .web",
        "{'stores': {'a': {'driver': 'redis', 'config': {'adrs': 'x'}}}} | .stores.a.config.adrs"
      })
  void whatTheServerRefusesDoesNot(String file, String at) throws IOException {
    assertThat(SchemaValidator.faults(schema(), json(file))).containsExactly(at);
  }

  @Test
  void editorsCanShowWhatAKeyIsFor() throws IOException {
    String text = IndentedJson.of(schema());
    assertThat(text)
        .startsWith(
            "{\n"
                + "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                + "  \"title\": \"rr\",")
        .contains("\"description\": \"Where it listens.\"", "\"default\": \"30s\"")
        .contains("Read by the plugin jobs, which is not in this binary: add a:jobs:1 to the");
    assertThat(JsonReader.read(text.getBytes(StandardCharsets.UTF_8), 0)).isNotNull();
  }
}
