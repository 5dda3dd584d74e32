package dev.rr.plugin.websockets;

import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.http.QueryParameters;
import dev.rr.http.RequestPath;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Answers with server-sent events where they are configured, tells who asks for a WebSocket without
 * an upgrade, and passes everything else on. On the request's loop.
 */
final class EventsHandler implements HttpHandler {
  private static final String LAST_EVENT_ID = "Last-Event-ID";
  private static final String ORIGIN = "Origin";

  private final Service service;
  private final OriginRule origins;
  private final HttpHandler next;

  EventsHandler(Service service, HttpHandler next) {
    this.service = service;
    this.origins = service.origins();
    this.next = next;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    String path = RequestPath.of(request.target()).orElse("");
    WebsocketsConfig config = service.config();
    if (config.events().isOn() && path.equals(config.events().path())) {
      events(request, response);
    } else if (path.equals(config.path()) && !request.headers().contains("Upgrade")) {
      Refusals.send(response, 400, "handshake error: bad \"Upgrade\" header");
    } else {
      next.handle(request, response);
    }
  }

  private void events(HttpRequest request, HttpResponse response) {
    List<String> topics = topics(request.target());
    if (!mayRead(request.headers().get(ORIGIN, ""))) {
      Refusals.send(response, 405, "");
    } else if (!request.method().equals("GET")) {
      Refusals.send(response, 405, new HttpHeaders().set("Allow", "GET"), new byte[0]);
    } else if (topics.isEmpty()) {
      Refusals.send(response, 400, "name a topic at least: ?topic=news&topic=chat");
    } else if (topics.size() > service.config().maxTopics()) {
      Refusals.send(
          response, 400, "one client may have " + service.config().maxTopics() + " topics");
    } else if (!service.clients().enter()) {
      Refusals.send(response, 503, "as many clients are connected as may be");
    } else {
      ask(request, response, topics);
    }
  }

  /** Browsers name no origin when a page reads from its own server; pages of others have one. */
  private boolean mayRead(String origin) {
    return origin.isEmpty() || origins.allows(origin);
  }

  private static List<String> topics(String target) {
    return QueryParameters.values(target, "topic").stream()
        .filter(topic -> !topic.isEmpty())
        .distinct()
        .toList();
  }

  /** Whether it may connect, and then, whether it may join. */
  private void ask(HttpRequest request, HttpResponse response, List<String> topics) {
    Visitor visitor = Visitor.of(request);
    EventStream stream = new EventStream(service, topics, request, response);
    service.clients().add(stream);
    response.onClose(stream::over);
    allowed(
        request,
        response,
        stream,
        visitor,
        visitor.joinServer(),
        () ->
            allowed(
                request,
                response,
                stream,
                visitor,
                visitor.joinTopics(topics),
                () -> begin(request, response, stream, topics, visitor)));
  }

  /** Asks PHP, and does what follows a yes. */
  private void allowed(
      HttpRequest request,
      HttpResponse response,
      EventStream stream,
      Visitor visitor,
      byte[] question,
      Runnable yes) {
    then(
        request,
        service.authorizer().ask(question),
        (verdict, failure) -> {
          if (stream.isOver()) {
            return;
          }
          if (verdict != null && verdict.isYes()) {
            yes.run();
            return;
          }
          service.clients().denied.increment();
          if (verdict == null) {
            service.clients().warn("the worker did not say who may join", visitor, failure);
            Refusals.send(response, 400, "");
          } else {
            Refusals.send(response, verdict);
          }
        });
  }

  /** What follows an answer; one of the two is null. */
  @FunctionalInterface
  private interface Next<T> {
    void run(@Nullable T answer, @Nullable Throwable failure);
  }

  private static <T> void then(HttpRequest request, CompletionStage<T> stage, Next<T> action) {
    var unused =
        stage.whenComplete((answer, failure) -> request.execute(() -> action.run(answer, failure)));
  }

  private void begin(
      HttpRequest request,
      HttpResponse response,
      EventStream stream,
      List<String> topics,
      Visitor visitor) {
    then(
        request,
        service.hub().join(stream, topics),
        (ok, failure) -> {
          if (stream.isOver()) {
            // It has left before it was there.
            service.hub().leave(stream, topics);
          } else if (failure != null) {
            service.clients().warn("a topic cannot be subscribed to", visitor, failure);
            Refusals.send(response, 503, "");
          } else {
            service.clients().joined.increment();
            stream.start(shared(request.headers()));
            service.hub().resume(topics, request.headers().get(LAST_EVENT_ID, ""), stream::resume);
          }
        });
  }

  /** Lets pages of another origin that may connect read the events. */
  private static HttpHeaders shared(HttpHeaders asked) {
    HttpHeaders headers = new HttpHeaders();
    String origin = asked.get(ORIGIN, "");
    return origin.isEmpty()
        ? headers
        : headers.set("Access-Control-Allow-Origin", origin).set("Vary", ORIGIN);
  }
}
