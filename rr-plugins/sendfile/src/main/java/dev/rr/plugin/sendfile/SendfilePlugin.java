package dev.rr.plugin.sendfile;

import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends the files that the application names. */
@Plugin("sendfile")
final class SendfilePlugin implements Lifecycle, Middleware {
  private final SendfileConfig config;
  private final Configurer configurer;
  private final Path workDirectory;
  private final Log log;

  SendfilePlugin(SendfileConfig config, Configurer configurer, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.workDirectory = host.workDirectory();
    this.log = loggers.named("sendfile");
  }

  @Override
  public void check(Problems problems) {
    if (!config.root().isEmpty() && !Files.isDirectory(root())) {
      configurer
          .section(SendfileConfigBinder.INSTANCE, problems)
          .problem("root", "`" + root() + "` is not a directory that can be read");
    }
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    SendableFiles files =
        config.root().isEmpty()
            ? new SendableFiles(workDirectory, null)
            : new SendableFiles(workDirectory, root());
    return (request, response) ->
        next.handle(request, new SendfileResponse(request, response, files, log));
  }

  private Path root() {
    return workDirectory.resolve(config.root());
  }
}
