package dev.rr.config;

import dev.rr.api.config.Schema;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What may stand at one place of a configuration, as the schemas tell. The keys of all drivers may
 * stand at a driver's place. Filled once, one thread.
 *
 * <p>Asked for two things: which keys are unknown, and where a key with dots is split. Both have to
 * tell keys that a plugin gives from names that the user chooses, which this does: {@link
 * #children} are the former, {@link #each} stands for the latter, and where a place is free
 * (headers, variables) there is neither.
 */
public final class KnownKeys {
  private final Map<String, KnownKeys> children = new TreeMap<>();
  private @Nullable KnownKeys each;
  private boolean described;
  private boolean duration;
  private boolean free;

  /**
   * The root of a configuration with these sections; a schema without a key is a part of others.
   */
  public static KnownKeys of(Collection<Schema> schemas) {
    KnownKeys root = new KnownKeys();
    for (Schema schema : schemas) {
      if (!schema.key().isEmpty()) {
        KnownKeys at = root;
        for (String part : schema.key().split("\\.")) {
          at = part.equals(Schema.NAMES) ? at.name() : at.child(part);
        }
        at.add(schema);
      }
    }
    return root;
  }

  private KnownKeys child(String name) {
    return children.computeIfAbsent(name, n -> new KnownKeys());
  }

  private KnownKeys name() {
    each = each == null ? new KnownKeys() : each;
    return each;
  }

  /**
   * What may stand here once it was decoded as these too; this place itself stays as it is, since
   * it may stand for several sections, each with a driver of its own.
   */
  KnownKeys with(Collection<Schema> more) {
    KnownKeys all = copy();
    more.forEach(all::add);
    return all;
  }

  private KnownKeys copy() {
    KnownKeys copy = new KnownKeys();
    copy.each = each == null ? null : each.copy();
    copy.described = described;
    copy.duration = duration;
    copy.free = free;
    children.forEach((name, child) -> copy.children.put(name, child.copy()));
    return copy;
  }

  private void add(Schema schema) {
    described = true;
    for (Schema.Field field : schema.fields()) {
      (field.name().equals(Schema.NAMES) ? this : child(field.name())).add(field);
    }
  }

  /** The types that bear on keys; what may be a value is the decoder's to say. */
  private void add(Schema.Field field) {
    Schema nested = field.nested();
    switch (field.type()) {
      case DURATION -> duration = true;
      case STRING_MAP, ANY -> free = true;
      case SECTION, SECTIONS -> {
        if (nested != null) {
          add(nested);
        }
      }
      case SECTION_MAP -> {
        if (nested != null) {
          name().add(nested);
        }
      }
      default -> {}
    }
  }

  /** The keys that are known here, by name; empty where the keys are the user's own. */
  public Map<String, KnownKeys> children() {
    return children;
  }

  /** What stands below each name, where the keys are names that the user chooses; else null. */
  public @Nullable KnownKeys each() {
    return each;
  }

  /**
   * Whether a schema tells all the keys that may stand here. Not so where only a part of the
   * section is known, as {@code http} is to a binary that has only plugins of sections below it.
   */
  boolean described() {
    return described;
  }

  /** Whether the value is a duration, whose bare numbers are nanoseconds. */
  boolean duration() {
    return duration;
  }

  /** Whether keys may stand here at all. */
  public boolean holdsKeys() {
    return free || each != null || !children.isEmpty();
  }
}
