package dev.rr.assembly;

import com.example.config.ConfigPluginModule;
import com.example.gzip.GzipPluginModule;
import com.example.headers.HeadersPluginModule;
import com.example.http.HttpPluginModule;
import com.example.logger.LoggerPluginModule;
import com.example.server.ServerPluginModule;
import dagger.BindsInstance;
import dagger.Component;
import dev.rr.api.config.Configurer;
import dev.rr.api.http.Middleware;
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
        ConfigPluginModule.class,
        GzipPluginModule.class,
        HeadersPluginModule.class,
        HttpPluginModule.class,
        LoggerPluginModule.class,
        ServerPluginModule.class,
        RrSelection.class
    }
)
interface RrComponent {
  Map<String, Provider<Object>> plugins();

  Map<String, Provider<Configurer>> offersConfigurer();

  Map<String, Provider<Middleware>> offersMiddleware();

  Map<String, Provider<Loggers>> offersLoggers();

  @Component.Factory
  interface Factory {
    RrComponent create(@BindsInstance Host host, @BindsInstance Assembly.Liveness live);
  }
}
