package dev.rr.build.image;

import com.google.gson.JsonObject;
import dev.rr.build.BuildException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a registry wants to see: a token of the place that it names, or the login itself. One
 * thread.
 */
final class Authorization {
  private static final Pattern PARAMETER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  private final ImageName name;
  private final String actions;
  private final Optional<Login> login;
  private final Exchange exchange;
  private Optional<String> value = Optional.empty();

  /** Asks once. */
  interface Exchange {
    RegistryClient.Reply ask(RegistryClient.Call call)
        throws Unavailable, BuildException, IOException, InterruptedException;
  }

  Authorization(ImageName name, String actions, Optional<Login> login, Exchange exchange) {
    this.name = name;
    this.actions = actions;
    this.login = login;
    this.exchange = exchange;
  }

  /** Of the header; empty as long as none was asked for. */
  Optional<String> value() {
    return value;
  }

  /** That it was seen and is not taken. */
  BuildException refused() {
    return new BuildException(
        login.isPresent()
            ? "%s: the login of %s is not taken for %s"
                .formatted(name, login.get().source(), actions)
            : name + " asks for a login; " + remedy());
  }

  private String remedy() {
    return "docker login %s, or a <server> with this id in Maven's settings.xml"
        .formatted(name.registry());
  }

  /** By the challenges of a registry. */
  void renew(List<String> challenges)
      throws Unavailable, BuildException, IOException, InterruptedException {
    for (String challenge : challenges) {
      if (challenge.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
        value = Optional.of("Bearer " + token(challenge));
        return;
      }
    }
    if (login.isEmpty()) {
      throw refused();
    }
    value = Optional.of(login.get().basic());
  }

  private String token(String challenge)
      throws Unavailable, BuildException, IOException, InterruptedException {
    Map<String, String> given = new TreeMap<>();
    Matcher matcher = PARAMETER.matcher(challenge);
    while (matcher.find()) {
      given.put(matcher.group(1), matcher.group(2));
    }
    String realm = realm(given.getOrDefault("realm", ""));
    String query =
        "service=" + encoded(given.getOrDefault("service", "")) + "&scope=" + encoded(scope());
    RegistryClient.Reply reply =
        login.isPresent() && login.get().isToken()
            ? refreshed(realm, query, login.get().secret())
            : exchange.ask(
                RegistryClient.Call.of(
                    "GET",
                    URI.create(realm + "?" + query),
                    login.map(l -> Map.of("Authorization", l.basic())).orElse(Map.of())));
    if (reply.status() >= 500 || reply.status() == 429) {
      throw new Unavailable(no(reply), Optional.empty());
    }
    if (reply.status() != 200) {
      throw new BuildException(no(reply) + "; " + remedy());
    }
    return token(reply);
  }

  private String token(RegistryClient.Reply reply) throws BuildException {
    Json answer = new Json(name);
    JsonObject given = answer.object(reply.text());
    String token = answer.text(given, given.has("token") ? "token" : "access_token");
    if (!token.matches("[\\x21-\\x7e]+")) {
      throw new BuildException(
          "%s: %s gave a token that is none".formatted(name, reply.from().getHost()));
    }
    return token;
  }

  private String no(RegistryClient.Reply reply) {
    return "%s: no token from %s, which answered %d%s"
        .formatted(name, reply.from().getHost(), reply.status(), RegistryError.text(reply.text()));
  }

  /** By OAuth, as the distribution's token documentation has it for identity tokens. */
  private RegistryClient.Reply refreshed(String realm, String query, String secret)
      throws Unavailable, BuildException, IOException, InterruptedException {
    String form = query + "&client_id=rr&grant_type=refresh_token&refresh_token=" + encoded(secret);
    return exchange.ask(
        new RegistryClient.Call(
            "POST",
            URI.create(realm),
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            HttpRequest.BodyPublishers.ofString(form),
            null,
            form.length()));
  }

  private String scope() {
    return "repository:" + name.repository() + ":" + actions;
  }

  /** Where tokens are given; a password goes there. */
  private String realm(String realm) throws BuildException {
    String shown = RegistryError.address(realm);
    if (!isRealm(realm)) {
      throw new BuildException(
          "%s asks for a token of \"%s\", which is no address".formatted(name, shown));
    }
    if (realm.startsWith("http:") && name.url().startsWith("https:")) {
      throw new BuildException(
          "%s asks for a token of \"%s\", which is not encrypted".formatted(name, shown));
    }
    return realm;
  }

  private static boolean isRealm(String realm) {
    try {
      return realm.matches("https?://[^\\s?#]+") && RegistryClient.isAddress(new URI(realm));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
