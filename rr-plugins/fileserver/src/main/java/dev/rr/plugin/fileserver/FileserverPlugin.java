package dev.rr.plugin.fileserver;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import dev.rr.operator.OperatorLimits;
import dev.rr.operator.OperatorServer;
import dev.rr.plugin.fileserver.FileserverConfig.Directory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Serves directories on a port of their own. */
@Plugin("fileserver")
@EnabledBy("fileserver")
final class FileserverPlugin implements Lifecycle {
  private final FileserverConfig config;
  private final Configurer configurer;
  private final Path workDirectory;
  private final Log log;
  private @Nullable OperatorServer server;

  FileserverPlugin(FileserverConfig config, Configurer configurer, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.workDirectory = host.workDirectory();
    this.log = loggers.named("fileserver");
  }

  @Override
  public void check(Problems problems) {
    List<Section> serve =
        configurer.section(FileserverConfigBinder.INSTANCE, problems).sections("serve");
    for (int i = 0; i < config.serve().size(); i++) {
      Path root = workDirectory.resolve(config.serve().get(i).root());
      boolean directory = Files.isDirectory(root);
      if (!directory || !Files.isReadable(root)) {
        String what = directory ? "` cannot be read" : "` is not a directory";
        serve.get(i).problem("root", "`" + root + what);
      }
    }
    config.serve().forEach(this::warnOfSecrets);
  }

  private void warnOfSecrets(Directory directory) {
    Path secrets = workDirectory.resolve(directory.root()).resolve(".env");
    if (Files.isReadable(secrets)) {
      log.warn(
          "the served directory holds a .env file, which anyone can read; serve another directory",
          "prefix",
          directory.prefix(),
          "file",
          secrets.normalize());
    }
  }

  @Override
  public void start() throws IOException {
    Address.Tcp address = AddressForms.PORT.parse(config.address());
    FileserverHandler handler = new FileserverHandler(config, workDirectory, log);
    server =
        OperatorServer.start(
            "rr-fileserver", "fileserver.address", address, handler, OperatorLimits.DEFAULT, log);
    log.info("file server started", "address", config.address());
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    if (server != null) {
      server.stop(deadline);
    }
  }

  /** Where it listens; for tests that asked for port 0. */
  InetSocketAddress address() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.address();
  }
}
