package dev.rr.plugin.websockets;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.HttpUpgrade;
import dev.rr.http.RequestPath;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Lets a client in (RFC 6455, section 4.2): its origin, what it asks for, and then PHP decide. On
 * the request's loop.
 */
final class WebSocketHandshake implements HttpUpgrade {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
  private static final String KEY = "Sec-WebSocket-Key";
  private static final String VERSION = "Sec-WebSocket-Version";

  /** The length of a key: 16 bytes as base64. */
  private static final int KEY_LENGTH = 24;

  private final Service service;
  private final OriginRule origins;

  WebSocketHandshake(Service service) {
    this.service = service;
    this.origins = service.origins();
  }

  @Override
  public void upgrade(HttpRequest request, HttpResponse response, Switch connection) {
    if (isRefused(request, response)) {
      return;
    }
    if (!service.clients().enter()) {
      Refusals.send(response, 503, "as many clients are connected as may be");
      return;
    }
    Visitor visitor = Visitor.of(request);
    var unused =
        service
            .authorizer()
            .ask(visitor.joinServer())
            .whenComplete((verdict, failure) ->
                request.execute(() -> {
                  if (verdict != null && verdict.isYes()) {
                    accept(request, visitor, connection);
                  } else {
                    deny(response, visitor, verdict, failure);
                  }
                }));
  }

  private boolean isRefused(HttpRequest request, HttpResponse response) {
    HttpHeaders headers = request.headers();
    if (!RequestPath.of(request.target()).orElse("").equals(service.config().path())) {
      Refusals.send(response, 404, "");
    } else if (!origins.allows(headers.get("Origin", ""))) {
      Refusals.send(response, 405, "");
    } else if (!request.method().equals("GET")) {
      Refusals.send(response, 405, "handshake error: bad HTTP request method");
    } else if (isHttp1(request) && headers.get(KEY, "").length() != KEY_LENGTH) {
      Refusals.send(response, 400, "handshake error: bad \"Sec-WebSocket-Key\" header");
    } else if (!headers.contains(VERSION)) {
      Refusals.send(response, 400, "handshake error: bad \"Sec-WebSocket-Version\" header");
    } else if (!headers.get(VERSION, "").strip().equals("13")) {
      Refusals.send(response, 426, new HttpHeaders().set(VERSION, "13"), new byte[0]);
    } else {
      return false;
    }
    return true;
  }

  private void deny(
      HttpResponse response,
      Visitor visitor,
      Authorizer.@Nullable Verdict verdict,
      @Nullable Throwable failure) {
    service.clients().exit();
    service.clients().denied.increment();
    if (verdict == null) {
      service.clients().warn("the worker did not say who may connect", visitor, failure);
      Refusals.send(response, 400, "");
    } else {
      Refusals.send(response, verdict);
    }
  }

  private void accept(HttpRequest request, Visitor visitor, Switch connection) {
    HttpHeaders asked = request.headers();
    String extension =
        service.config().compression() ? Deflation.accept(asked.all(EXTENSIONS)) : "";
    HttpHeaders headers = new HttpHeaders();
    if (isHttp1(request)) {
      headers.set("Sec-WebSocket-Accept", accepted(asked.get(KEY, "")));
    }
    if (!extension.isEmpty()) {
      headers.set(EXTENSIONS, extension);
    }
    WebSocket socket = new WebSocket(service, visitor, !extension.isEmpty());
    service.clients().add(socket);
    try {
      // On the loop, which brings the first bytes behind this.
      socket.start(connection.accept(headers, socket));
    } catch (RuntimeException e) {
      service.clients().remove(socket);
      throw e;
    }
  }

  /** Later versions have no key: no cache can take a tunnel for an answer (RFC 8441, section 5). */
  private static boolean isHttp1(HttpRequest request) {
    return request.protocol().startsWith("HTTP/1");
  }

  private static String accepted(String key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
