package com.example.page;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.log.Log;
import dev.rr.api.log.Loggers;
import dev.rr.api.plugin.Deadline;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import dev.rr.operator.OperatorLimits;
import dev.rr.operator.OperatorServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows which plugins live. */
@Plugin("page")
@EnabledBy("page")
final class PagePlugin implements Lifecycle {
  private final PageConfig config;
  private final Host host;
  private final Log log;
  private @Nullable OperatorServer server;

  PagePlugin(PageConfig config, Host host, Loggers loggers) {
    this.config = config;
    this.host = host;
    this.log = loggers.named("page");
  }

  @Override
  public void start() throws IOException {
    Address.Tcp address = AddressForms.PORT.parse(config.address());
    server =
        OperatorServer.start(
            "page", "page.address", address, this::show, OperatorLimits.DEFAULT, log);
  }

  private void show(HttpRequest request, HttpResponse response) {
    String text =
        host.plugins().stream()
            .map(p -> p.id() + " " + p.state() + "\n")
            .collect(Collectors.joining());
    response.head(200, new HttpHeaders().set("Content-Type", "text/plain; charset=utf-8"));
    response.write(StandardCharsets.UTF_8.encode(text));
    response.end(HttpHeaders.EMPTY);
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    if (server != null) {
      server.stop(deadline);
    }
  }
}
