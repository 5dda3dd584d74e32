package dev.rr.plugin.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.http.HttpFault;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.http.RequestBody;
import dev.rr.api.log.Log;
import dev.rr.api.log.OncePerSecond;
import dev.rr.operator.WholeAnswer;
import dev.rr.plugin.dashboard.PageFiles.PageFile;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Consumer;

/** Decides what a request gets. On its loop. */
final class Routes implements HttpHandler {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String LATER =
      "Too many wrong tokens came from your address. Try again in a minute.";

  private final DashboardConfig config;
  private final Access access;
  private final PageFiles files = new PageFiles();
  private final Viewers viewers;
  private final Actions actions;
  private final Log log;
  private final WrongTokens wrong = new WrongTokens(System::nanoTime);
  private final OncePerSecond failures = new OncePerSecond();

  Routes(DashboardConfig config, Viewers viewers, Actions actions, Log log) {
    this.config = config;
    this.access = new Access(config);
    this.viewers = viewers;
    this.actions = actions;
    this.log = log;
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    if (!access.isKnownHost(request)) {
      Answers.text(
          response,
          421,
          "this dashboard answers to 127.0.0.1 and localhost; without a token to"
              + " no other name");
      return;
    }
    if (access.showsToken(request)) {
      if (wrong.hasToWait(request.remoteAddress())) {
        WholeAnswer.text(response, 429, later(Answers.TEXT), LATER);
        return;
      }
      if (!access.hasBearer(request)) {
        wrong(request);
      }
    }
    route(request, response);
  }

  private void route(HttpRequest request, HttpResponse response) {
    String target = request.target();
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    switch (request.method()) {
      case "GET", "HEAD" -> get(path, request, response);
      case "POST" -> post(path, request, response);
      default ->
          WholeAnswer.text(
              response,
              405,
              Answers.headers(Answers.TEXT).set("Allow", "GET, HEAD, POST"),
              "allowed are GET and POST");
    }
  }

  private void get(String path, HttpRequest request, HttpResponse response) {
    PageFile file = files.find(path);
    if (file != null) {
      WholeAnswer.send(response, 200, Answers.headers(file.type()), file.bytes());
    } else if (!access.isSignedIn(request)) {
      refuse(path, response);
    } else if (path.equals("/")) {
      byte[] page = files.page(access.pageToken(), config.readOnly(), access.asksForToken());
      WholeAnswer.send(response, 200, Answers.headers(HTML), page);
    } else if (path.equals("/login")) {
      WholeAnswer.send(response, 303, Answers.headers(HTML).set("Location", "/"), new byte[0]);
    } else if (!path.equals("/events")) {
      Answers.text(response, 404, "there is nothing at this path; the page is at /");
    } else if (!Access.isSameSite(request)) {
      Answers.text(response, 403, "another site has no business here");
    } else if (request.method().equals("HEAD")) {
      // It would take a place and never see anything.
      WholeAnswer.send(response, 200, Answers.headers("text/event-stream"), new byte[0]);
    } else {
      viewers.add(request, response);
    }
  }

  private void refuse(String path, HttpResponse response) {
    if (path.equals("/") || path.equals("/login")) {
      WholeAnswer.send(response, 401, Answers.headers(HTML), files.login(""));
      return;
    }
    HttpHeaders headers = Answers.headers(Answers.TEXT).set("WWW-Authenticate", "Bearer");
    WholeAnswer.text(response, 401, headers, "sign in at / or send the token");
  }

  private void post(String path, HttpRequest request, HttpResponse response) {
    if (path.equals("/login") && access.asksForToken()) {
      onlyOwn(request, response, () -> whole(request, body -> login(body, request, response)));
    } else if (!access.isSignedIn(request)) {
      refuse(path, response);
    } else if (path.equals("/logout")) {
      onlyOwn(request, response, () -> logout(request, response));
    } else if (!access.mayAct(request)) {
      Answers.json(response, 403, Map.of("error", "only the dashboard's own page may do this"));
    } else if (config.readOnly()) {
      Answers.json(response, 403, Map.of("error", "dashboard.read_only is set"));
    } else {
      actions.act(path, request, response);
    }
  }

  private static void onlyOwn(HttpRequest request, HttpResponse response, Runnable action) {
    if (Access.isSameOrigin(request)) {
      action.run();
    } else {
      Answers.text(response, 403, "only the dashboard's own page may do this");
    }
  }

  private void login(String body, HttpRequest request, HttpResponse response) {
    if (wrong.hasToWait(request.remoteAddress())) {
      WholeAnswer.send(response, 429, later(HTML), files.login(LATER));
      return;
    }
    if (access.isToken(field(body, "token"))) {
      HttpHeaders headers =
          Answers.headers(HTML).set("Location", "/").set("Set-Cookie", access.cookie(request));
      WholeAnswer.send(response, 303, headers, new byte[0]);
      return;
    }
    wrong(request);
    WholeAnswer.send(
        response, 401, Answers.headers(HTML), files.login("That is not the token. Try again."));
  }

  private void wrong(HttpRequest request) {
    wrong.add(request.remoteAddress());
    if (failures.passes()) {
      log.warn("a wrong token was given", "client", request.remoteAddress());
    }
  }

  private static HttpHeaders later(String type) {
    return Answers.headers(type).set("Retry-After", Long.toString(WrongTokens.TIME.toSeconds()));
  }

  private static String field(String form, String name) {
    for (String pair : form.split("&")) {
      if (pair.startsWith(name + "=")) {
        try {
          return URLDecoder.decode(pair.substring(name.length() + 1), UTF_8).strip();
        } catch (IllegalArgumentException e) {
          return "";
        }
      }
    }
    return "";
  }

  private void logout(HttpRequest request, HttpResponse response) {
    HttpHeaders headers =
        Answers.headers(HTML).set("Location", "/").set("Set-Cookie", access.noCookie(request));
    WholeAnswer.send(response, 303, headers, new byte[0]);
  }

  /** The listener's limits bound the body. */
  private static void whole(HttpRequest request, Consumer<String> action) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    request
        .body()
        .read(
            new RequestBody.Reader() {
              @Override
              public void chunk(ByteBuffer chunk) {
                byte[] part = new byte[chunk.remaining()];
                chunk.get(part);
                bytes.writeBytes(part);
              }

              @Override
              public void end(HttpHeaders trailers) {
                action.accept(bytes.toString(UTF_8));
              }

              @Override
              public void failed(HttpFault fault) {
                // Nobody waits for an answer any more.
              }
            });
  }
}
