package dev.rr.plugin.acme;

import dev.rr.api.tls.Identity;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What an authority is answered that checks a domain at this moment. Any thread. */
final class Challenges {
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final Map<String, Identity> identities = new ConcurrentHashMap<>();

  /** Expects a question over HTTP. */
  void answer(String token, String authorization) {
    answers.put(token, authorization);
  }

  /** Expects a question over TLS. */
  void show(String domain, Identity identity) {
    identities.put(domain.toLowerCase(Locale.ROOT), identity);
  }

  /** Expects nobody any more. */
  void clear() {
    answers.clear();
    identities.clear();
  }

  Optional<String> answer(String token) {
    return Optional.ofNullable(answers.get(token));
  }

  Optional<Identity> identity(String serverName) {
    return Optional.ofNullable(identities.get(serverName.toLowerCase(Locale.ROOT)));
  }
}
