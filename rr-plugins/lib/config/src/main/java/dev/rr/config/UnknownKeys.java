package dev.rr.config;

import dev.rr.api.config.Nearest;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Schema;
import dev.rr.api.plugin.Catalogue;
import dev.rr.config.Node.Entry;
import dev.rr.config.Node.Kind;
import dev.rr.config.Node.Mapping;
import dev.rr.config.Node.Scalar;
import dev.rr.config.Node.Sequence;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what nothing in this binary reads. Upstream ignores such keys, so a misspelt one leaves its
 * default in force and nobody knows; here it is a warning, or an error where {@code --strict} is
 * given. A warning only, because files are shared between builds with other plugins. One use, one
 * thread.
 *
 * <p>Whether a key is known is asked in this order: what its section was decoded as, what schemas
 * of this binary tell, who of the catalogue reads it. The catalogue has plugins outside of this
 * binary too, and so can say which one to add.
 */
final class UnknownKeys {
  /** Read by rr itself or by its command line. */
  private static final Set<String> ALWAYS = Set.of("version", "include", "envfile", "endure");

  /**
   * What plugins of upstream's read, whether or not they exist here: the sections of its sample
   * file, of drivers with a section of their own, and of lines before it (broadcast, websockets).
   * Who comes from there shall read that a plugin does not exist, not that its name is misspelt.
   */
  private static final Set<String> UPSTREAM =
      Set.of(
          "amqp",
          "beanstalk",
          "boltdb",
          "broadcast",
          "centrifuge",
          "fileserver",
          "google_pub_sub",
          "grpc",
          "http",
          "jobs",
          "kafka",
          "kv",
          "lock",
          "logs",
          "memcached",
          "metrics",
          "nats",
          "new_relic",
          "nsq",
          "otel",
          "redis",
          "rpc",
          "server",
          "service",
          "sqs",
          "status",
          "tcp",
          "temporal",
          "websockets");

  /** How many known keys a message lists when none is near. */
  private static final int LISTED = 12;

  /** One millisecond: hardly a timeout is shorter, so a bare number below was meant as seconds. */
  private static final long SMALLEST_LIKELY_NANOS = 1_000_000;

  private final Catalogue catalogue;
  private final Decoded decoded;
  private final Set<String> asked;
  private final KnownKeys root;
  private final List<Problem> found = new ArrayList<>();

  UnknownKeys(Collection<Schema> schemas, Decoded decoded, Set<String> asked, Catalogue catalogue) {
    this.catalogue = catalogue;
    this.asked = asked;
    this.decoded = decoded;
    // Which driver reads a section is known from what it was decoded as, and nowhere else.
    this.root = KnownKeys.of(schemas.stream().filter(s -> s.driver().isEmpty()).toList());
  }

  List<Problem> in(Mapping configuration) {
    configuration
        .entries()
        .forEach((key, entry) -> {
          if (!ALWAYS.contains(key) || root.children().containsKey(key)) {
            entry(root, "", key, entry);
          }
        });
    return List.copyOf(found);
  }

  /**
   * One key. A key without a value is absent to all who decode. Nobody is told about it, unless it
   * is a section of its own, which somebody means to have.
   */
  private void entry(KnownKeys known, String path, String key, Entry entry) {
    if (Node.isNull(entry.value())) {
      if (path.isEmpty() && known.children().containsKey(key)) {
        report(entry, key, "has no keys, which is as if it were not there");
      }
      return;
    }
    String here = path.isEmpty() ? key : path + "." + key;
    KnownKeys child = known.children().get(key);
    // The order matters: a section that was decoded is read, even where no schema says so, since a
    // driver's stands where its host puts it. One that a schema describes is read by this binary.
    if (!decoded.of(entry.value()).isEmpty()) {
      walk(child == null ? new KnownKeys() : child, here, entry.value());
    } else if (child != null && child.described()) {
      walk(child, here, entry.value());
    } else if (child == null && isAsked(here)) {
      // A plugin reads single values of it, by paths that no schema tells.
      return;
    } else if (!ownedElsewhere(here, entry)) {
      if (child != null) {
        value(child, here, entry);
      } else {
        unknown(known, path, here, key, entry);
      }
    }
  }

  private boolean isAsked(String path) {
    return asked.stream().anyMatch(other -> other.equals(path) || other.startsWith(path + "."));
  }

  /** A key that is read: looks further down, and at numbers that are hardly meant as they stand. */
  private void value(KnownKeys known, String path, Entry entry) {
    walk(known, path, entry.value());
    if (known.duration() && entry.value() instanceof Scalar s && s.kind() == Kind.INT) {
      var nanos = Scalars.integer(s.text());
      if (nanos != null
          && nanos.signum() > 0
          && nanos.compareTo(BigInteger.valueOf(SMALLEST_LIKELY_NANOS)) < 0) {
        report(
            entry,
            path,
            s.text() + " without a unit means nanoseconds; write " + s.text() + "s for seconds");
      }
    }
  }

  /** Walks into a place whose keys are known; a place without any is free. */
  private void walk(KnownKeys before, String path, Node node) {
    List<Schema> more = decoded.of(node);
    KnownKeys known = more.isEmpty() ? before : before.with(more);
    switch (node) {
      case Scalar s -> {}
      case Sequence s -> {
        for (int i = 0; i < s.items().size(); i++) {
          walk(known, path + "[" + i + "]", s.items().get(i));
        }
      }
      case Mapping m -> {
        KnownKeys each = known.each();
        if (each != null) {
          m.entries()
              .values()
              .forEach(entry -> walk(each, path + "." + entry.name(), entry.value()));
        } else if (!known.children().isEmpty()) {
          boolean unread = isLeftToADriver(known, m);
          m.entries()
              .forEach((key, entry) -> {
                if (!unread || isKnownOrNear(known, key)) {
                  entry(known, path, key, entry);
                }
              });
        }
      }
    }
  }

  /**
   * Whether keys are a driver's that has not read them, as it is not in this binary, is misspelt
   * itself, or is asked only once what others said is mended. Then they may well be right.
   */
  private boolean isLeftToADriver(KnownKeys known, Mapping section) {
    Entry own = section.entries().get("config");
    return known.children().keySet().containsAll(Set.of("driver", "config"))
        && !isReadByADriver(section)
        && (own == null || !isReadByADriver(own.value()));
  }

  private boolean isReadByADriver(Node node) {
    return decoded.of(node).stream().anyMatch(schema -> !schema.driver().isEmpty());
  }

  private static boolean isKnownOrNear(KnownKeys known, String key) {
    Set<String> names = known.children().keySet();
    return names.contains(key) || Nearest.to(key, names) != null;
  }

  /** Whether the catalogue knows who reads it; tells when that plugin is not in this binary. */
  private boolean ownedElsewhere(String path, Entry entry) {
    List<Catalogue.Entry> readers =
        catalogue.entries().stream().filter(e -> e.sections().contains(path)).toList();
    if (readers.isEmpty()) {
      // Nobody reads the section itself, but somebody a part of it.
      readers = catalogue.reading(path);
    }
    if (readers.isEmpty()) {
      return false;
    }
    if (readers.stream().noneMatch(Catalogue.Entry::builtIn)) {
      report(entry, path, notBuiltIn(path, readers.getFirst()));
    }
    return true;
  }

  private static String notBuiltIn(String section, Catalogue.Entry plugin) {
    return "section "
        + section
        + " belongs to the plugin "
        + plugin.id()
        + ", which is not in this binary: add "
        + plugin.coordinates()
        + " to the build";
  }

  /** Tells about a section that is called as a plugin which reads none; false when it is not. */
  private boolean ofPluginWithoutSection(String path, String key, Entry entry) {
    if (!path.isEmpty()) {
      return false;
    }
    Optional<Catalogue.Entry> plugin =
        catalogue.entries().stream()
            .filter(e -> e.id().equals(key) && e.sections().isEmpty())
            .findFirst();
    plugin.ifPresent(named ->
        report(
            entry,
            key,
            named.builtIn()
                ? "the plugin " + key + " has no section, and needs none to run"
                : notBuiltIn(key, named)));
    return plugin.isPresent();
  }

  /**
   * Tells about a key with what the user most likely meant. The names to choose from are those of
   * the same place: keys that schemas know and, as a section may lack its plugin, those of the
   * catalogue.
   */
  private void unknown(KnownKeys known, String path, String here, String key, Entry entry) {
    if (ofPluginWithoutSection(path, key, entry)) {
      return;
    }
    if (path.isEmpty() && UPSTREAM.contains(key)) {
      report(
          entry,
          here,
          "section "
              + key
              + " belongs to RoadRunner's plugin "
              + key
              + ", which this server does not have");
      return;
    }
    Set<String> names = new TreeSet<>(known.children().keySet());
    String prefix = path.isEmpty() ? "" : path + ".";
    for (Catalogue.Entry plugin : catalogue.entries()) {
      for (String section : plugin.sections()) {
        if (section.startsWith(prefix)) {
          String rest = section.substring(prefix.length());
          names.add(rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest);
        }
      }
    }
    if (path.isEmpty()) {
      names.addAll(ALWAYS);
      names.addAll(UPSTREAM);
    }
    String near = Nearest.to(key, names);
    String what = path.isEmpty() ? "unknown section" : "unknown key";
    if (near != null) {
      report(entry, here, what + "; did you mean " + near + "?");
    } else if (path.isEmpty()) {
      report(entry, here, what + "; no plugin reads it");
    } else {
      report(entry, here, what + "; known here: " + listed(names));
    }
  }

  private static String listed(Set<String> names) {
    String list = String.join(", ", names.stream().limit(LISTED).toList());
    return names.size() > LISTED ? list + ", …" : list;
  }

  private void report(Entry entry, String path, String message) {
    found.add(new Problem(new Problem.Place(entry.value().file(), entry.line(), path), message));
  }
}
