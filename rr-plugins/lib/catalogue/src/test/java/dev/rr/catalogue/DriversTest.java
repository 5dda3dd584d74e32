package dev.rr.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.build.BuildException;
import dev.rr.build.select.KnownPlugins;
import dev.rr.processor.descriptor.Descriptor;
import dev.rr.processor.descriptor.Descriptors;
import dev.rr.processor.root.CatalogueEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a driver promises its host, whichever two they are. */
class DriversTest {
  /**
   * A plugin that weighs more than what it collects starts before it and stops after it: its
   * storages would be left without the threads and connections of their driver.
   */
  @Test
  void aDriverIsThereBeforeItsHostAndAfterIt() throws Exception {
    List<Descriptor> all = descriptors();
    List<String> late = new ArrayList<>();
    for (Descriptor host : all) {
      for (Descriptor driver : all) {
        if (driver.weight() < host.weight() && isDriver(driver, host)) {
          late.add(driver.id() + " of " + host.id());
        }
      }
    }
    assertThat(late).isEmpty();
  }

  private static boolean isDriver(Descriptor driver, Descriptor host) {
    return host.collects().stream()
        .flatMap(collects -> collects.parameters().stream())
        .filter(contract -> contract.endsWith("Driver"))
        .anyMatch(
            contract -> driver.offers().stream().anyMatch(o -> o.contract().equals(contract)));
  }

  private static List<Descriptor> descriptors() throws BuildException, IOException {
    List<Descriptor> all = new ArrayList<>();
    for (CatalogueEntry plugin : KnownPlugins.read(Path.of("target/classes")).entries()) {
      String path = Descriptors.path(plugin.id());
      try (InputStream in = DriversTest.class.getClassLoader().getResourceAsStream(path)) {
        all.add(Descriptors.fromJson(new String(requireNonNull(in, path).readAllBytes(), UTF_8)));
      }
    }
    return all;
  }
}
