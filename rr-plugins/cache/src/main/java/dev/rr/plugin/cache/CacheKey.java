package dev.rr.plugin.cache;

import dev.rr.api.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * What answers are found by: the SHA-256 of scheme, authority, path and query. Of one size, so that
 * clients who choose long URIs cannot fill memory with keys. Each part is hashed behind its length,
 * so that no part can pretend to be the begin of the next. The method is no part of it, since only
 * answers to GET are stored. Immutable.
 */
record CacheKey(long a, long b, long c, long d) {
  /** Longer URIs are not cached: RFC 9110, section 4.1, asks servers to take 8,000 octets. */
  private static final int MAX_URI = 8_000;

  /** Whether a request's URI is short enough to be cached. */
  static boolean isFor(HttpRequest request) {
    return request.host().length() + request.target().length() <= MAX_URI;
  }

  static CacheKey of(HttpRequest request) {
    return of(request.scheme(), request.host(), request.target());
  }

  static CacheKey of(String scheme, String authority, String target) {
    int query = target.indexOf('?');
    MessageDigest hash = sha256();
    add(hash, scheme);
    add(hash, authority.toLowerCase(Locale.ROOT));
    add(hash, query < 0 ? target : target.substring(0, query));
    if (query >= 0) {
      // An empty query is another URI than none.
      add(hash, target.substring(query + 1));
    }
    ByteBuffer digest = ByteBuffer.wrap(hash.digest());
    return new CacheKey(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
  }

  private static void add(MessageDigest hash, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    hash.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
