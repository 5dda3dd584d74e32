package dev.rr.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.build.BuildException;
import dev.rr.build.init.Presets;
import dev.rr.build.select.KnownPlugins;
import dev.rr.processor.root.CatalogueEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each preset names plugins that exist, and all that these cannot do without. */
class PresetsFitTest {
  private static final String HOST = "dev.rr.api.plugin.Host";

  static Stream<String> presets() {
    return new Presets().names().stream();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void nothingIsMissing(String preset) throws BuildException {
    KnownPlugins known = KnownPlugins.read(Path.of("target/classes"));
    List<CatalogueEntry> chosen = new ArrayList<>();
    for (String name : new Presets().plugins(preset)) {
      if (name.equals("*")) {
        chosen.addAll(known.entries());
      } else {
        assertThat(known.find(name)).as(name).hasValueSatisfying(chosen::add);
      }
    }
    for (CatalogueEntry entry : chosen) {
      for (String need : entry.needs()) {
        assertThat(need.equals(HOST) || chosen.stream().anyMatch(other -> other.offers(need)))
            .as(entry.id() + " needs " + need)
            .isTrue();
      }
    }
  }
}
