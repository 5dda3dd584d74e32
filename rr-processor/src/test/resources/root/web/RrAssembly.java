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
        new PluginInfo("config", "1.0", 1000, 0, List.of(), false, List.of(), List.of("dev.rr.api.config.Configurer")),
        new PluginInfo("logger", "1.0", 900, 1, List.of(), false, List.of(new PluginInfo.Need("dev.rr.api.config.Configurer", PluginInfo.Strength.HARD, List.of("config"))), List.of("dev.rr.api.log.Loggers")),
        new PluginInfo("gzip", "1.0", 1, 0, List.of(), false, List.of(), List.of("dev.rr.api.http.Middleware")),
        new PluginInfo("headers", "1.0", 1, 0, List.of("http.headers"), false, List.of(), List.of("dev.rr.api.http.Middleware")),
        new PluginInfo("server", "1.0", 1, 2, List.of("server"), false, List.of(new PluginInfo.Need("dev.rr.api.config.Configurer", PluginInfo.Strength.HARD, List.of("config")), new PluginInfo.Need("dev.rr.api.log.Loggers", PluginInfo.Strength.HARD, List.of("logger"))), List.of("dev.rr.api.worker.Server")),
        new PluginInfo("http", "1.0", 1, 3, List.of("http"), false, List.of(new PluginInfo.Need("dev.rr.api.config.Configurer", PluginInfo.Strength.HARD, List.of("config")), new PluginInfo.Need("dev.rr.api.log.Loggers", PluginInfo.Strength.HARD, List.of("logger")), new PluginInfo.Need("dev.rr.api.worker.Server", PluginInfo.Strength.HARD, List.of("server")), new PluginInfo.Need("com.example.trace.Tracer", PluginInfo.Strength.SOFT, List.of()), new PluginInfo.Need("dev.rr.api.http.Middleware", PluginInfo.Strength.COLLECTED, List.of("gzip", "headers"))), List.of()));
  }

  @Override
  public Catalogue catalogue() {
    return new Catalogue(List.of(
        new Catalogue.Entry("absent", "com.example:absent:1.0", false, List.of("absent"), List.of()),
        new Catalogue.Entry("config", "com.example:config:1.0", true, List.of(), List.of(new Catalogue.Offer("dev.rr.api.config.Configurer", "config"))),
        new Catalogue.Entry("gzip", "com.example:gzip:1.0", true, List.of(), List.of(new Catalogue.Offer("dev.rr.api.http.Middleware", "gz"))),
        new Catalogue.Entry("headers", "com.example:headers:1.0", true, List.of("http.headers"), List.of(new Catalogue.Offer("dev.rr.api.http.Middleware", "headers"))),
        new Catalogue.Entry("http", "com.example:http:1.0", true, List.of("http"), List.of()),
        new Catalogue.Entry("logger", "com.example:logger:1.0", true, List.of("logs"), List.of(new Catalogue.Offer("dev.rr.api.log.Loggers", "logger"))),
        new Catalogue.Entry("server", "com.example:server:1.0", true, List.of("server"), List.of(new Catalogue.Offer("dev.rr.api.worker.Server", "server")))));
  }

  @Override
  public Wiring wire(Host host, Assembly.Liveness live) {
    return new RrWiring(host, live);
  }
}
