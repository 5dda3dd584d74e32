package dev.rr.api.kv;

import dev.rr.api.error.OperationException;
import java.util.Collection;
import java.util.List;

/**
 * What every driver refuses, in upstream's words, which clients look into: the kind goes to the
 * outermost operation, the rest stays inside ({@code rpc_has: key can't be empty string:} and on
 * the next line {@code in_memory_plugin_has}). Operations are the driver's, in upstream's spelling.
 */
public final class KvRequests {
  /** The kind of a refusal: a key is empty or blank. */
  public static final String EMPTY_KEY = "key can't be empty string";

  private KvRequests() {}

  /**
   * Refuses a request with a blank key. Answers the keys.
   *
   * @throws OperationException of kind {@link #EMPTY_KEY}
   */
  public static Collection<String> keys(String operation, Collection<String> keys)
      throws OperationException {
    for (String key : keys) {
      if (key.isBlank()) {
        throw OperationException.ofKind(operation, EMPTY_KEY);
      }
    }
    return keys;
  }

  /**
   * Refuses expiries where a key is blank or a moment is missing.
   *
   * @throws OperationException without a kind
   */
  public static void expiries(String operation, List<KvItem> items) throws OperationException {
    if (items.stream().anyMatch(i -> i.key().isBlank() || i.expires().isEmpty())) {
      throw OperationException.of(operation, "should set timeout and at least one key");
    }
  }
}
