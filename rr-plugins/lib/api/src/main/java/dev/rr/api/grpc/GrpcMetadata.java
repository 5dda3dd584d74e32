package dev.rr.api.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metadata of a call or an answer, in the order of its entries; a name may stand several times.
 * Names are in lower case. Values are bytes: of a name that ends with {@code -bin} any, of others
 * those of a text. One thread at a time.
 */
public final class GrpcMetadata {
  private final List<String> names = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();

  /** How many entries there are. */
  public int size() {
    return names.size();
  }

  /** The name of an entry. */
  public String name(int index) {
    return names.get(index);
  }

  /** The value of an entry; not to be changed. */
  public byte[] bytes(int index) {
    return values.get(index);
  }

  /** The value of an entry as text; bytes that are no UTF-8 are U+FFFD. */
  public String value(int index) {
    return new String(values.get(index), UTF_8);
  }

  /** The first value of a name as text, else {@code fallback}. */
  public String get(String name, String fallback) {
    int index = names.indexOf(name);
    return index < 0 ? fallback : value(index);
  }

  /** The values of each name as texts, in the order of the entries; a map of the caller's own. */
  public Map<String, List<String>> byName() {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      byName.computeIfAbsent(names.get(i), name -> new ArrayList<>(1)).add(value(i));
    }
    return byName;
  }

  /** Adds an entry behind the others. */
  public GrpcMetadata add(String name, byte[] value) {
    names.add(name);
    values.add(value);
    return this;
  }

  /** Adds a text behind the others. */
  public GrpcMetadata add(String name, String value) {
    return add(name, value.getBytes(UTF_8));
  }

  /** Replaces what stands under a name. */
  public GrpcMetadata set(String name, String value) {
    return remove(name).add(name, value);
  }

  /** Removes what stands under a name. */
  public GrpcMetadata remove(String name) {
    for (int i = names.size() - 1; i >= 0; i--) {
      if (names.get(i).equals(name)) {
        names.remove(i);
        values.remove(i);
      }
    }
    return this;
  }
}
