package dev.rr.assembly;

import com.example.trace.Tracer;
import dagger.Module;
import dagger.Provides;
import dagger.multibindings.Multibinds;
import dev.rr.api.config.Configurer;
import dev.rr.api.log.Loggers;
import dev.rr.api.worker.Server;
import dev.rr.kernel.Assembly;
import jakarta.inject.Provider;
import java.util.Map;
import java.util.Optional;

/**
 * Who is taken: weight descending, then id, then method; only who lives.
 */
@Module
interface RrSelection {
  @Provides
  static Configurer firstConfigurer(Map<String, Provider<Configurer>> offers,
      Assembly.Liveness live) {
    if (live.isLive("config")) {
      return offers.get("config").get();
    }
    throw new IllegalStateException("no live plugin offers dev.rr.api.config.Configurer");
  }

  @Provides
  static Loggers firstLoggers(Map<String, Provider<Loggers>> offers, Assembly.Liveness live) {
    if (live.isLive("logger")) {
      return offers.get("logger").get();
    }
    throw new IllegalStateException("no live plugin offers dev.rr.api.log.Loggers");
  }

  @Provides
  static Server firstServer(Map<String, Provider<Server>> offers, Assembly.Liveness live) {
    if (live.isLive("server")) {
      return offers.get("server").get();
    }
    throw new IllegalStateException("no live plugin offers dev.rr.api.worker.Server");
  }

  @Provides
  static Optional<Tracer> optionalTracer(Map<String, Provider<Tracer>> offers,
      Assembly.Liveness live) {
    return Optional.empty();
  }

  @Multibinds
  Map<String, Tracer> noneTracer();
}
