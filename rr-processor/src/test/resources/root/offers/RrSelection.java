package dev.rr.assembly;

import com.example.A;
import com.example.Outer;
import dagger.Module;
import dagger.Provides;
import dagger.multibindings.Multibinds;
import dev.rr.api.config.Configurer;
import dev.rr.api.log.Loggers;
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
  static Optional<A> optionalA(Map<String, Provider<A>> offers, Assembly.Liveness live) {
    if (live.isLive("twins")) {
      return Optional.of(offers.get("twins#first").get());
    }
    return Optional.empty();
  }

  @Multibinds
  Map<String, Outer.Nested> noneOuterNested();

  @Multibinds
  Map<String, Configurer> noneConfigurer();

  @Multibinds
  Map<String, Loggers> noneLoggers();
}
