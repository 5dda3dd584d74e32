package dev.rr.api.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in order. Names match without regard to case and keep the spelling they were given.
 * Small and linear: a request has a dozen fields. Not thread-safe.
 */
public final class HttpHeaders {
  /** No fields; adding to it fails. */
  public static final HttpHeaders EMPTY = new HttpHeaders(List.of());

  /** Names at even places, values at odd ones. */
  private final List<String> fields;

  /** No fields yet. */
  public HttpHeaders() {
    this(new ArrayList<>(16));
  }

  private HttpHeaders(List<String> fields) {
    this.fields = fields;
  }

  /** The first value, or null. */
  public @Nullable String get(String name) {
    int at = indexOf(name, 0);
    return at < 0 ? null : fields.get(at + 1);
  }

  /** The first value, or {@code fallback}. */
  public String get(String name, String fallback) {
    String value = get(name);
    return value == null ? fallback : value;
  }

  /** Every value of a name, in order. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(1);
    for (int at = indexOf(name, 0); at >= 0; at = indexOf(name, at + 2)) {
      values.add(fields.get(at + 1));
    }
    return values;
  }

  /** Whether there is a field of this name. */
  public boolean contains(String name) {
    return indexOf(name, 0) >= 0;
  }

  /** Adds a field after the others. */
  public HttpHeaders add(String name, String value) {
    fields.add(name);
    fields.add(value);
    return this;
  }

  /** Replaces every field of this name by one. */
  public HttpHeaders set(String name, String value) {
    remove(name);
    return add(name, value);
  }

  /** Removes every field of this name. */
  public HttpHeaders remove(String name) {
    for (int at = indexOf(name, 0); at >= 0; at = indexOf(name, at)) {
      fields.remove(at + 1);
      fields.remove(at);
    }
    return this;
  }

  /** Adds every field of {@code other}. */
  public HttpHeaders addAll(HttpHeaders other) {
    fields.addAll(other.fields);
    return this;
  }

  /** Calls {@code action} with each name and value, in order. */
  public void forEach(BiConsumer<String, String> action) {
    for (int at = 0; at < fields.size(); at += 2) {
      action.accept(fields.get(at), fields.get(at + 1));
    }
  }

  /** The number of fields. */
  public int size() {
    return fields.size() / 2;
  }

  /** The name of field {@code index}. */
  public String name(int index) {
    return fields.get(index * 2);
  }

  /** The value of field {@code index}. */
  public String value(int index) {
    return fields.get(index * 2 + 1);
  }

  /** Whether there are no fields. */
  public boolean isEmpty() {
    return fields.isEmpty();
  }

  /** The same fields, to be changed apart. */
  public HttpHeaders copy() {
    return new HttpHeaders(new ArrayList<>(fields));
  }

  private int indexOf(String name, int from) {
    for (int at = from; at < fields.size(); at += 2) {
      if (fields.get(at).equalsIgnoreCase(name)) {
        return at;
      }
    }
    return -1;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
    return out.toString();
  }
}
