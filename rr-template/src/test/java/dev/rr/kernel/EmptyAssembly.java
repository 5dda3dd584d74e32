package dev.rr.kernel;

import dev.rr.api.config.Configurer;
import dev.rr.api.config.Schema;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Catalogue;
import dev.rr.api.plugin.Host;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The server with no plugin at all. */
public final class EmptyAssembly implements Assembly {
  @Override
  public BuildInfo build() {
    return new BuildInfo("v1.2.3", "0.1.0", "0123456789ab");
  }

  @Override
  public List<PluginInfo> plugins() {
    return List.of();
  }

  @Override
  public Catalogue catalogue() {
    return Catalogue.EMPTY;
  }

  @Override
  public Wiring wire(Host host, Liveness live) {
    return new Wiring() {
      @Override
      public Object plugin(String id) {
        throw new NoSuchElementException(id);
      }

      @Override
      public void collect(String id) {
        throw new NoSuchElementException(id);
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
        return List.of();
      }
    };
  }
}
