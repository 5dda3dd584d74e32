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

  /** The kind of a refusal: no key at all was given. */
  public static final String NO_KEYS = "should provide at least 1 key";

  private KvRequests() {}

  /**
   * Refuses a request without keys, or with a blank one. Answers the keys.
   *
   * @throws OperationException of kind {@link #NO_KEYS} or {@link #EMPTY_KEY}
   */
  public static Collection<String> keys(String operation, Collection<String> keys)
      throws OperationException {
    atLeastOne(operation, keys);
    if (keys.stream().anyMatch(String::isBlank)) {
      throw OperationException.ofKind(operation, EMPTY_KEY);
    }
    return keys;
  }

  /**
   * Refuses to set nothing. Blank keys are set, where the storage can.
   *
   * @throws OperationException of kind {@link #NO_KEYS}
   */
  public static void atLeastOne(String operation, Collection<?> items) throws OperationException {
    if (items.isEmpty()) {
      throw OperationException.ofKind(operation, NO_KEYS);
    }
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
