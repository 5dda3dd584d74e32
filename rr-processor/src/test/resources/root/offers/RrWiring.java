package dev.rr.assembly;

import com.example.collector.CollectorPluginModule;
import dev.rr.api.cli.CliCommand;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Schema;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Named;
import dev.rr.kernel.Assembly;
import dev.rr.kernel.Wiring;
import jakarta.inject.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The object graph as the kernel uses it.
 */
final class RrWiring implements Wiring {
  private final RrComponent component;

  private final Assembly.Liveness live;

  private final Map<String, Provider<Object>> plugins;

  RrWiring(Host host, Assembly.Liveness live) {
    this.component = DaggerRrComponent.factory().create(host, live);
    this.live = live;
    this.plugins = component.plugins();
  }

  @Override
  public Object plugin(String id) {
    return plugins.get(id).get();
  }

  @Override
  public void collect(String id) {
    switch (id) {
      case "collector" -> collectCollector();
      default -> {}
    }
  }

  @Override
  public Optional<Configurer> configurer() {
    return Optional.empty();
  }

  @Override
  public Optional<Loggers> loggers() {
    return Optional.empty();
  }

  @Override
  public List<Schema> schemas() {
    List<Schema> all = new ArrayList<>();
    return all;
  }

  @Override
  public Optional<CliCommand> command(String name) {
    if (name.equals("migrate") && live.isLive("twins")) {
      return Optional.of(component.offersCliCommand().get("twins").get());
    }
    return Optional.empty();
  }

  private void collectCollector() {
    if (live.isLive("twins")) {
      CollectorPluginModule.pairs(plugin("collector"), component.offersA().get("twins#first").get(), component.offersA2().get("twins").get(), new Named("twins", 1, "twins"));
      CollectorPluginModule.pairs(plugin("collector"), component.offersA().get("twins#second").get(), component.offersA2().get("twins").get(), new Named("twins", 1, "twins"));
    }
  }
}
