package dev.rr.plugin.http;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.tls.Certificates;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Answers an authority that checks a domain over plain HTTP, before everything else: a renewal
 * cannot listen on a port that is taken by this listener.
 */
final class AcmeHandler implements HttpHandler {
  private static final String PATH = "/.well-known/acme-challenge/";

  private final Certificates certificates;
  private final HttpHandler next;

  AcmeHandler(Certificates certificates, HttpHandler next) {
    this.certificates = certificates;
    this.next = next;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    String target = request.target();
    Optional<String> answer =
        target.startsWith(PATH)
            ? certificates.answer(target.substring(PATH.length()))
            : Optional.empty();
    if (answer.isEmpty()) {
      next.handle(request, response);
      return;
    }
    response.head(200, new HttpHeaders().add("Content-Type", "application/octet-stream"));
    response.write(ByteBuffer.wrap(answer.get().getBytes(StandardCharsets.US_ASCII)));
    response.end();
  }
}
