package dev.rr.plugin.gzip;

import dev.rr.annotation.Collects;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.http.ContentCoding;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;
import dev.rr.api.plugin.Choice;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.http.AcceptEncoding;
import dev.rr.http.CompressingResponse;
import dev.rr.http.GzipCoding;
import dev.rr.http.HeaderLists;
import java.util.List;

/** Compresses answers. */
@Plugin("gzip")
final class GzipPlugin implements Lifecycle, Middleware {
  private final GzipConfig config;
  private final Configurer configurer;
  private final Choice<ContentCoding> codings;
  private List<ContentCoding> offered = List.of();

  GzipPlugin(GzipConfig config, Configurer configurer, Host host) {
    this.config = config;
    this.configurer = configurer;
    this.codings = new Choice<>(ContentCoding.class, "coding", host.catalogue());
    coding(new GzipCoding(config.level()));
  }

  @Collects
  void coding(ContentCoding coding) {
    codings.add(coding.token(), coding);
  }

  /**
   * Finds the codings, and tells those that are unknown, even where no middleware list has gzip.
   */
  @Override
  public void check(Problems problems) {
    offered =
        Encodings.find(
            config.encodings(), codings, configurer.section(GzipConfigBinder.INSTANCE, problems));
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    List<ContentCoding> prepared = offered;
    Problems problems = new Problems();
    prepared.forEach(coding -> prepare(coding, problems));
    problems.throwIfAny();
    CompressingResponse.Rules rules =
        new CompressingResponse.Rules(config.minLength(), config::compresses);
    return (request, response) -> {
      AcceptEncoding accepted =
          request.method().equals("HEAD")
                  || HeaderLists.has(request.headers(), "Cache-Control", "no-transform")
              ? AcceptEncoding.NOTHING
              : AcceptEncoding.of(request.headers().all("Accept-Encoding"), prepared);
      next.handle(request, new CompressingResponse(request, response, rules, accepted));
    };
  }

  private void prepare(ContentCoding coding, Problems problems) {
    try {
      coding.prepare();
    } catch (Exception e) {
      configurer
          .section(GzipConfigBinder.INSTANCE, problems)
          .problem(Encodings.KEY, "'" + coding.token() + "' does not work here: " + e.getMessage());
    }
  }
}
