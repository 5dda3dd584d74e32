package dev.rr.plugin.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import dev.rr.net.AddressForms;
import dev.rr.operator.OperatorLimits;
import dev.rr.operator.OperatorServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Shows operators which plugins live. */
@Plugin("sample")
@EnabledBy("sample")
final class SamplePlugin implements Lifecycle {
  private final SampleConfig config;
  private final Host host;
  private final Log log;
  private @Nullable OperatorServer server;

  SamplePlugin(SampleConfig config, Host host, Loggers loggers) {
    this.config = config;
    this.host = host;
    this.log = loggers.named("sample");
  }

  @Override
  public void start() throws IOException {
    var address = AddressForms.PORT.parse(config.address());
    server =
        OperatorServer.start(
            "sample", "sample.address", address, this::answer, OperatorLimits.DEFAULT, log);
  }

  /** On an IO thread, so it must not block; {@link HttpRequest#offload} is for what does. */
  private void answer(HttpRequest request, HttpResponse response) {
    boolean found = request.target().equals("/");
    response.head(
        found ? 200 : 404, new HttpHeaders().set("Content-Type", "text/plain; charset=utf-8"));
    response.write(UTF_8.encode(found ? text() : "there is only /\n"));
    response.end(HttpHeaders.EMPTY);
  }

  private String text() {
    StringBuilder text = new StringBuilder("rr " + host.version() + "\n");
    host.plugins().forEach(p -> text.append(p.id()).append(' ').append(p.state()).append('\n'));
    return text.toString();
  }

  /** Where it listens, for tests; not before the start. */
  InetSocketAddress address() {
    return Objects.requireNonNull(server).address();
  }

  @Override
  public void stop(Deadline deadline) throws InterruptedException {
    if (server != null) {
      server.stop(deadline);
    }
  }
}
