package dev.rr.assembly;

import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Host;
import dev.rr.kernel.Assembly;
import dev.rr.kernel.PluginInfo;
import dev.rr.kernel.Wiring;
import java.util.List;

/**
 * What was selected, and what could have been.
 */
final class RrAssembly implements Assembly {
  @Override
  public Assembly.BuildInfo build() {
    return new Assembly.BuildInfo("1.2.3", "0.1.0", "0123456789ab");
  }

  @Override
  public List<PluginInfo> plugins() {
    return List.of(
        new PluginInfo("twins", "1.0", 1, 0, List.of(), false, List.of(), List.of("com.example.A", "com.example.other.A", "dev.rr.api.cli.CliCommand")),
        new PluginInfo("collector", "1.0", 1, 1, List.of(), false, List.of(new PluginInfo.Need("com.example.A", PluginInfo.Strength.SOFT, List.of("twins")), new PluginInfo.Need("com.example.A", PluginInfo.Strength.COLLECTED, List.of("twins")), new PluginInfo.Need("com.example.other.A", PluginInfo.Strength.COLLECTED, List.of("twins")), new PluginInfo.Need("com.example.Outer.Nested", PluginInfo.Strength.COLLECTED, List.of())), List.of()));
  }

  @Override
  public Catalogue catalogue() {
    return new Catalogue(List.of(
        new Catalogue.Entry("absent", "com.example:absent:1.0", false, List.of("absent"), List.of()),
        new Catalogue.Entry("collector", "com.example:collector:1.0", true, List.of(), List.of()),
        new Catalogue.Entry("twins", "com.example:twins:1.0", true, List.of(), List.of(new Catalogue.Offer("com.example.A", "twins"), new Catalogue.Offer("com.example.other.A", "twins"), new Catalogue.Offer("dev.rr.api.cli.CliCommand", "migrate")))));
  }

  @Override
  public Wiring wire(Host host, Assembly.Liveness live) {
    return new RrWiring(host, live);
  }
}
