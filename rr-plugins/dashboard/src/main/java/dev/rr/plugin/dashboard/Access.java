package dev.rr.plugin.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rr.api.http.HttpRequest;
import dev.rr.net.HostAndPort;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/**
 * Who may look and who may act. Without a token only this machine reaches the listener, and it
 * answers to names of this machine alone: a page of somebody else's whose name was made to point
 * here has another. With one, a visitor shows it as a bearer, or signs in and has a cookie. What
 * changes something has to come from the page itself. Immutable.
 */
final class Access {
  /** The header in which the page's script returns what stands in the page. */
  static final String PAGE_TOKEN = "X-Dashboard-Token";

  private static final String BEARER = "Bearer ";

  private final String token;
  private final Set<String> hosts;
  private final String session = random();
  private final String pageToken = random();

  /** Access to a dashboard as configured. */
  Access(DashboardConfig config) {
    this.token = config.token();
    this.hosts = new HashSet<>(Set.of("localhost", "127.0.0.1", "::1"));
    hosts.add(config.listen().host().toLowerCase(Locale.ROOT));
  }

  private static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** What the page has to show to act; other sites cannot read it. */
  String pageToken() {
    return pageToken;
  }

  /** Whether visitors sign in. */
  boolean asksForToken() {
    return !token.isEmpty();
  }

  /** Whether the request asked for a name that is this server's. */
  boolean isKnownHost(HttpRequest request) {
    return asksForToken()
        || hosts.contains(HostAndPort.of(request.host()).host().toLowerCase(Locale.ROOT));
  }

  /** Whether the visitor may see anything. */
  boolean isSignedIn(HttpRequest request) {
    return !asksForToken() || hasBearer(request) || hasCookie(request);
  }

  /** Whether the visitor shows a token, right or wrong, where one is asked for. */
  boolean showsToken(HttpRequest request) {
    return asksForToken() && request.headers().contains("Authorization");
  }

  /** Whether the visitor shows the token. */
  boolean hasBearer(HttpRequest request) {
    String given = request.headers().get("Authorization", "");
    return given.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && isToken(given.substring(BEARER.length()).strip());
  }

  private boolean hasCookie(HttpRequest request) {
    String wanted = cookieName(request) + "=";
    return request.headers().all("Cookie").stream()
        .flatMap(line -> Arrays.stream(line.split(";")))
        .map(String::strip)
        .filter(pair -> pair.startsWith(wanted))
        .anyMatch(pair -> same(pair.substring(wanted.length()), session));
  }

  /** Whether a text is the token; takes as long whatever the text is. */
  boolean isToken(String given) {
    return asksForToken() && same(given, token);
  }

  private static boolean same(String given, String wanted) {
    // Of their digests, so that not even the length shows in the time.
    return MessageDigest.isEqual(digest(given), digest(wanted));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The cookie of a visitor who has signed in; the browser's until it is closed. */
  String cookie(HttpRequest request) {
    return cookie(request, session);
  }

  /** The cookie that takes the other one away. */
  String noCookie(HttpRequest request) {
    return cookie(request, "") + "; Max-Age=0";
  }

  private static String cookie(HttpRequest request, String value) {
    boolean secure = request.headers().get("X-Forwarded-Proto", "").equalsIgnoreCase("https");
    return cookieName(request)
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Strict"
        + (secure ? "; Secure" : "");
  }

  /** Cookies do not tell ports apart, and there may be two servers on one host. */
  private static String cookieName(HttpRequest request) {
    String port = HostAndPort.of(request.host()).port();
    return "rr_dashboard" + (port.isEmpty() ? "" : "_" + port);
  }

  /** Whether the browser, if it is one, says that no other site is behind this. */
  static boolean isSameSite(HttpRequest request) {
    String site = request.headers().get("Sec-Fetch-Site", "same-origin");
    return site.equals("same-origin") || site.equals("none");
  }

  /** Whether a form or script of this server's own page sends this. */
  static boolean isSameOrigin(HttpRequest request) {
    String origin = request.headers().get("Origin", "");
    int end = origin.indexOf("://");
    return end > 0
        && origin.substring(end + 3).equalsIgnoreCase(request.host())
        && isSameSite(request);
  }

  /** Whether the request may change something. A bearer is sent by no browser by itself. */
  boolean mayAct(HttpRequest request) {
    return hasBearer(request)
        || isSameOrigin(request) && same(request.headers().get(PAGE_TOKEN, ""), pageToken);
  }
}
