package dev.rr.assembly;

import com.example.http.HttpPluginModule;
import com.example.logger.LoggerPluginModule;
import com.example.server.ServerPluginModule;
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
      case "http" -> collectHttp();
      default -> {}
    }
  }

  @Override
  public Optional<Configurer> configurer() {
    if (live.isLive("config")) {
      return Optional.of(component.offersConfigurer().get("config").get());
    }
    return Optional.empty();
  }

  @Override
  public Optional<Loggers> loggers() {
    if (live.isLive("logger")) {
      return Optional.of(component.offersLoggers().get("logger").get());
    }
    return Optional.empty();
  }

  @Override
  public List<Schema> schemas() {
    List<Schema> all = new ArrayList<>();
    all.addAll(LoggerPluginModule.schemas());
    all.addAll(ServerPluginModule.schemas());
    all.addAll(HttpPluginModule.schemas());
    return all;
  }

  private void collectHttp() {
    if (live.isLive("gzip")) {
      HttpPluginModule.middleware(plugin("http"), new Named("gzip", 1, "gz"), component.offersMiddleware().get("gzip").get());
    }
    if (live.isLive("headers")) {
      HttpPluginModule.middleware(plugin("http"), new Named("headers", 1, "headers"), component.offersMiddleware().get("headers").get());
    }
  }
}
