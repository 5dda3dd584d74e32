package dev.rr.plugin.headers;

import com.google.re2j.Pattern;
import dev.rr.api.http.HttpHandler;
import dev.rr.api.http.HttpHeaders;
import dev.rr.api.http.HttpRequest;
import dev.rr.api.http.HttpResponse;
import dev.rr.api.log.Log;
import dev.rr.http.HeaderNames;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Cross-origin resource sharing, as the engine answers that upstream uses: preflights are answered
 * here, other requests go on and their answers are marked. Immutable.
 */
final class CorsHandler implements HttpHandler {
  private static final String ORIGIN = "Origin";
  private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
  private static final String ALLOW_HEADERS = "Access-Control-Allow-Headers";
  private static final String REQUEST_METHOD = "Access-Control-Request-Method";
  private static final String REQUEST_HEADERS = "Access-Control-Request-Headers";
  private static final String PREFLIGHT_VARY =
      ORIGIN + ", " + REQUEST_METHOD + ", " + REQUEST_HEADERS;

  /** Empty list elements that a client may send. */
  private static final int MAX_EMPTY = 16;

  private final HttpHeaders fixed;
  private final HttpHandler next;
  private final Log log;
  private final boolean debug;
  private final boolean anyOrigin;
  private final Predicate<String> origins;
  private final List<String> methods;
  private final boolean anyHeader;
  private final TreeSet<String> headers = new TreeSet<>();
  private final String exposed;
  private final boolean credentials;
  private final int maxAge;
  private final int preflightStatus;

  /**
   * Handles requests for {@code next}.
   *
   * @param fixed fields of every answer; what is decided here replaces those of the same name
   */
  CorsHandler(HeadersConfig.Cors config, HttpHeaders fixed, HttpHandler next, Log log) {
    this.fixed = fixed;
    this.next = next;
    this.log = log;
    this.debug = config.debug();
    boolean regex = !config.allowedOriginRegex().isEmpty();
    this.anyOrigin =
        !regex && (config.allowedOrigin().isEmpty() || config.allowedOrigin().contains("*"));
    this.origins =
        regex
            ? matching(Pattern.compile(config.allowedOriginRegex()))
            : origin -> config.allowedOrigin().stream().anyMatch(o -> fits(o, origin));
    this.methods = config.allowedMethods();
    this.anyHeader = config.allowedHeaders().contains("*");
    config.allowedHeaders().forEach(h -> headers.add(h.toLowerCase(Locale.ROOT)));
    this.exposed =
        String.join(", ", config.exposedHeaders().stream().map(HeaderNames::canonical).toList());
    this.credentials = config.allowCredentials();
    this.maxAge = config.maxAge();
    this.preflightStatus = config.optionsSuccessStatus();
  }

  /** Takes time in proportion to the origin, whatever the pattern: origins come from clients. */
  private static Predicate<String> matching(Pattern pattern) {
    return origin -> pattern.matcher(origin).find();
  }

  private static boolean fits(String pattern, String origin) {
    String wanted = pattern.toLowerCase(Locale.ROOT);
    String given = origin.toLowerCase(Locale.ROOT);
    int star = wanted.indexOf('*');
    if (star < 0) {
      return wanted.equals(given);
    }
    String before = wanted.substring(0, star);
    String after = wanted.substring(star + 1);
    return given.length() >= before.length() + after.length()
        && given.startsWith(before)
        && given.endsWith(after);
  }

  @Override
  public void handle(HttpRequest request, HttpResponse response) {
    HttpHeaders incoming = request.headers();
    if (request.method().equals("OPTIONS") && !incoming.get(REQUEST_METHOD, "").isEmpty()) {
      HttpHeaders answer = fixed.copy().add("Vary", PREFLIGHT_VARY);
      preflight(incoming, answer);
      response.head(preflightStatus, answer);
      response.end();
      return;
    }
    HttpHeaders marks = fixed.copy().add("Vary", ORIGIN);
    actual(request, marks);
    next.handle(request, new HeadersPlugin.Added(response, marks));
  }

  private void preflight(HttpHeaders incoming, HttpHeaders answer) {
    String origin = incoming.get(ORIGIN, "");
    String method = incoming.get(REQUEST_METHOD, "");
    if (origin.isEmpty()) {
      refused("preflight without an origin", origin);
      return;
    }
    if (!allows(origin)) {
      refused("origin not allowed", origin);
      return;
    }
    if (!allowsMethod(method)) {
      refused("method not allowed", method);
      return;
    }
    String asked = incoming.get(REQUEST_HEADERS, "");
    if (!anyHeader && !allowsHeaders(incoming.all(REQUEST_HEADERS))) {
      refused("headers not allowed", asked);
      return;
    }
    answer.set(ALLOW_ORIGIN, anyOrigin ? "*" : origin);
    answer.set("Access-Control-Allow-Methods", method);
    allowHeaders(incoming.all(REQUEST_HEADERS), answer);
    if (credentials) {
      answer.set("Access-Control-Allow-Credentials", "true");
    }
    if (maxAge > 0) {
      answer.set("Access-Control-Max-Age", Integer.toString(maxAge));
    }
  }

  private static void allowHeaders(List<String> asked, HttpHeaders answer) {
    if (!asked.isEmpty() && !asked.getFirst().isEmpty()) {
      answer.remove(ALLOW_HEADERS);
      asked.forEach(line -> answer.add(ALLOW_HEADERS, line));
    }
  }

  private void actual(HttpRequest request, HttpHeaders answer) {
    String origin = request.headers().get(ORIGIN, "");
    if (origin.isEmpty()) {
      return;
    }
    if (!allows(origin)) {
      refused("origin not allowed", origin);
      return;
    }
    if (!allowsMethod(request.method())) {
      refused("method not allowed", request.method());
      return;
    }
    answer.set(ALLOW_ORIGIN, anyOrigin ? "*" : origin);
    if (!exposed.isEmpty()) {
      answer.set("Access-Control-Expose-Headers", exposed);
    }
    if (credentials) {
      answer.set("Access-Control-Allow-Credentials", "true");
    }
  }

  private void refused(String why, String what) {
    if (debug) {
      log.info("[cors] " + why, "value", what);
    }
  }

  private boolean allows(String origin) {
    return anyOrigin || origins.test(origin);
  }

  private boolean allowsMethod(String method) {
    return method.equals("OPTIONS") || methods.contains(method);
  }

  /**
   * Browsers send names in lower case, sorted, once each: anything else is none and costs no work.
   */
  private boolean allowsHeaders(List<String> lines) {
    String previous = "";
    int empty = 0;
    for (String line : lines) {
      for (String part : line.split(",", -1)) {
        String name = withoutBlank(part);
        if (name.isEmpty()) {
          if (++empty > MAX_EMPTY) {
            return false;
          }
          continue;
        }
        if (name.compareTo(previous) <= 0 || !headers.contains(name)) {
          return false;
        }
        previous = name;
      }
    }
    return true;
  }

  /** Without at most one blank on either side. */
  private static String withoutBlank(String part) {
    int from = part.startsWith(" ") || part.startsWith("\t") ? 1 : 0;
    int to = part.length();
    if (to > from && (part.endsWith(" ") || part.endsWith("\t"))) {
      to--;
    }
    return part.substring(from, to);
  }
}
