package dev.rr.assembly;

import com.example.A;
import com.example.Outer;
import com.example.collector.CollectorPluginModule;
import com.example.twins.TwinsPluginModule;
import dagger.BindsInstance;
import dagger.Component;
import dev.rr.api.cli.CliCommand;
import dev.rr.api.config.Configurer;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Host;
import dev.rr.kernel.Assembly;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * The object graph of one run.
 */
@Singleton
@Component(
    modules = {
        CollectorPluginModule.class,
        TwinsPluginModule.class,
        RrSelection.class
    }
)
interface RrComponent {
  Map<String, Provider<Object>> plugins();

  Map<String, Provider<A>> offersA();

  Map<String, Provider<Outer.Nested>> offersOuterNested();

  Map<String, Provider<com.example.other.A>> offersA2();

  Map<String, Provider<CliCommand>> offersCliCommand();

  Map<String, Provider<Configurer>> offersConfigurer();

  Map<String, Provider<Loggers>> offersLoggers();

  @Component.Factory
  interface Factory {
    RrComponent create(@BindsInstance Host host, @BindsInstance Assembly.Liveness live);
  }
}
