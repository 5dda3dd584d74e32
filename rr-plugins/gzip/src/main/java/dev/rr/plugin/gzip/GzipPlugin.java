package dev.rr.plugin.gzip;

import dev.rr.annotation.Collects;
import dev.rr.annotation.Plugin;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import dev.rr.api.http.ContentCoding;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.Middleware;
import dev.rr.api.plugin.Choice;
import dev.rr.api.plugin.Host;
import dev.rr.api.plugin.Lifecycle;
import dev.rr.web.HeaderLists;
import java.util.List;

/** Compresses answers. */
@Plugin("gzip")
final class GzipPlugin implements Lifecycle, Middleware {
  private final GzipConfig config;
  private final Configurer configurer;
  private final Choice<ContentCoding> codings;

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

  /** Looks at the list once it can be known what offers codings, also when nobody lists gzip. */
  @Override
  public void start() {
    offered(new Problems());
  }

  @Override
  public HttpHandler wrap(HttpHandler next) {
    Problems problems = new Problems();
    List<ContentCoding> offered = offered(problems);
    offered.forEach(coding -> prepare(coding, problems));
    problems.throwIfAny();
    return (request, response) -> {
      AcceptEncoding accepted =
          request.method().equals("HEAD")
                  || HeaderLists.has(request.headers(), "Cache-Control", "no-transform")
              ? AcceptEncoding.NOTHING
              : AcceptEncoding.of(request.headers().all("Accept-Encoding"), offered);
      next.handle(request, new GzipResponse(request, response, config, accepted));
    };
  }

  private List<ContentCoding> offered(Problems problems) {
    Section section = configurer.section("http.gzip", problems);
    List<ContentCoding> found = Encodings.find(config.encodings(), codings, section);
    problems.throwIfAny();
    return found;
  }

  private void prepare(ContentCoding coding, Problems problems) {
    try {
      coding.prepare();
    } catch (Exception e) {
      configurer
          .section("http.gzip", problems)
          .problem(Encodings.KEY, "'" + coding.token() + "' does not work here: " + e.getMessage());
    }
  }
}
