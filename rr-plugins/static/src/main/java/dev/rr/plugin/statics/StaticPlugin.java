package dev.rr.plugin.statics;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves files in front of the application. */
@Plugin("static")
@EnabledBy("http.static")
final class StaticPlugin implements Lifecycle, Middleware {
  private final StaticConfig config;
  private final Configurer configurer;
  private final Path root;
  private final Log log;

  StaticPlugin(StaticConfig config, Configurer configurer, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.root = host.workDirectory().resolve(config.dir()).normalize();
    this.log = loggers.named("static");
  }

  @Override
  public void check(Problems problems) {
    if (!Files.isDirectory(root)) {
      Section section = configurer.section(StaticConfigBinder.INSTANCE, problems);
      String what = Files.exists(root) ? "is not a directory" : "does not exist";
      section.problem("dir", "`" + root + "` " + what + "; it has to be the directory to serve");
    }
    if (Files.exists(root.resolve(".env")) && config.serves(".env")) {
      log.warn(
          "the served directory holds a .env file, which anyone can read; serve another directory, "
              + "or add .env to http.static.forbid",
          "dir",
          root);
    }
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    return new StaticHandler(config, root, next, log);
  }
}
