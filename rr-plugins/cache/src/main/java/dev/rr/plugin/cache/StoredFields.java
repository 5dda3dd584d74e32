package dev.rr.plugin.cache;

import dev.rr.api.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The header fields of stored answers. */
final class StoredFields {
  /** What a 304 says about the body it does not have is not to be believed. */
  private static final Set<String> ABOUT_THE_BODY =
      Set.of("content-length", "content-encoding", "content-type", "content-range");

  /** Fields for one connection, which are not kept (RFC 9111, section 3.1). */
  private static final List<String> CONNECTION =
      List.of("Connection", "Keep-Alive", "Proxy-Connection", "TE", "Transfer-Encoding", "Upgrade");

  private StoredFields() {}

  /** Removes what belongs to a connection. */
  static HttpHeaders withoutConnection(HttpHeaders headers) {
    CONNECTION.forEach(headers::remove);
    return headers;
  }

  /** RFC 9111, section 3.2: what the update has replaces every line of that name. */
  static HttpHeaders merged(HttpHeaders stored, HttpHeaders update) {
    HttpHeaders all = stored.copy();
    // An age and a date belong to one answer.
    all.remove("Age").remove("Date");
    update.forEach((name, value) -> {
      if (isUpdated(name)) {
        all.remove(name);
      }
    });
    update.forEach((name, value) -> {
      if (isUpdated(name)) {
        all.add(name, value);
      }
    });
    return withoutConnection(all);
  }

  private static boolean isUpdated(String name) {
    return !ABOUT_THE_BODY.contains(name.toLowerCase(Locale.ROOT));
  }
}
