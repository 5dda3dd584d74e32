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
import dev.rr.plugin.fileserver.FileserverConfig.Directory;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.GracefulShutdownHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** Serves directories on a port of their own. */
@Plugin("fileserver")
@EnabledBy("fileserver")
final class FileserverPlugin implements Lifecycle {
  /** Upstream's read and write timeout, in milliseconds. */
  private static final int TIMEOUT = 10_000;

  private final FileserverConfig config;
  private final Configurer configurer;
  private final Path workDirectory;
  private final Log log;
  private @Nullable XnioWorker worker;
  private @Nullable Undertow server;
  private @Nullable GracefulShutdownHandler requests;

  FileserverPlugin(FileserverConfig config, Configurer configurer, Host host, Loggers loggers) {
    this.config = config;
    this.configurer = configurer;
    this.workDirectory = host.workDirectory();
    this.log = loggers.named("fileserver");
  }

  @Override
  public void init() {
    Problems problems = new Problems();
    Section section = configurer.section("fileserver", problems);
    if (port(config.address()) < 0) {
      section.problem(
          "address",
          "`" + config.address() + "` is not an address such as 127.0.0.1:8081 or :8081");
    }
    if (config.serve().isEmpty()) {
      section.problem("serve", "no configuration to serve: list at least one prefix and root");
    }
    for (Directory directory : config.serve()) {
      Path root = workDirectory.resolve(directory.root());
      if (!Files.isDirectory(root) || !Files.isReadable(root)) {
        section.problem(
            "serve",
            "root `"
                + root
                + "` of "
                + directory.prefix()
                + (Files.isDirectory(root) ? " cannot be read" : " is not a directory"));
      }
    }
    problems.throwIfAny();
  }

  @Override
  public void start() throws IOException {
    XnioWorker threads =
        Xnio.getInstance()
            .createWorker(
                OptionMap.builder()
                    .set(Options.WORKER_NAME, "rr-fileserver")
                    .set(Options.WORKER_IO_THREADS, 1)
                    .set(Options.WORKER_TASK_CORE_THREADS, 4)
                    .set(Options.WORKER_TASK_MAX_THREADS, 16)
                    .set(Options.TCP_NODELAY, true)
                    .getMap());
    GracefulShutdownHandler graceful =
        new GracefulShutdownHandler(new FileserverHandler(config, workDirectory, log));
    Undertow undertow =
        Undertow.builder()
            .setWorker(threads)
            .addHttpListener(port(config.address()), host(config.address()), graceful)
            // Paths are decoded by the handler: names may hold a semicolon or a backslash.
            .setServerOption(UndertowOptions.DECODE_URL, false)
            .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, TIMEOUT)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, TIMEOUT)
            .setSocketOption(Options.WRITE_TIMEOUT, TIMEOUT)
            .setSocketOption(Options.READ_TIMEOUT, TIMEOUT)
            .build();
    try {
      undertow.start();
    } catch (RuntimeException e) {
      threads.shutdownNow();
      throw new IOException(
          "fileserver.address: cannot listen on `" + config.address() + "`: " + rootMessage(e), e);
    }
    worker = threads;
    server = undertow;
    requests = graceful;
    log.info("file server started", "address", config.address());
  }

  private static @Nullable String rootMessage(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage();
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    if (requests != null) {
      requests.shutdown();
      if (!requests.awaitShutdown(deadline.remaining().toMillis())) {
        log.warn("requests were still being answered when the time to stop was over");
      }
    }
    if (server != null) {
      server.stop();
    }
    if (worker != null) {
      worker.shutdownNow();
    }
  }

  /** Where it listens; for tests that asked for port 0. */
  InetSocketAddress address() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
  }

  private static String host(String address) {
    String host = address.substring(0, address.lastIndexOf(':')).replaceFirst("^tcp://", "");
    return host.isEmpty() ? "0.0.0.0" : host.replace("[", "").replace("]", "");
  }

  /** The port of an address; -1 when it has none. */
  private static int port(String address) {
    try {
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      return address.indexOf(':') < 0 || port < 0 || port > 65_535 ? -1 : port;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
