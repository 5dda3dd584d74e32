package dev.rr.config;

import dev.rr.api.config.Binder;
import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Nearest;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import dev.rr.api.config.StringOrList;
import dev.rr.config.Node.Entry;
import dev.rr.config.Node.Kind;
import dev.rr.config.Node.Mapping;
import dev.rr.config.Node.Scalar;
import dev.rr.config.Node.Sequence;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one map. See {@link Section} for the rules. Used by binders while plugins are made, on
 * the thread that starts the server, and by drivers for pipelines that are declared, on a thread of
 * RPC; each use has problems of its own, and what sections were decoded as is shared behind a lock.
 *
 * <p>Every getter keeps to the same order. An absent key, or one without a value, is the fallback
 * and no problem. A value of the wrong kind is a problem and the fallback, so that the reader goes
 * on and finds the rest. Empty text counts as absent where a number or one of several words is
 * expected: it is what an unset variable leaves behind, and upstream decodes it as zero, which its
 * plugins mostly take for "not set". As a boolean it is false, and as a duration an error, as
 * there.
 */
final class NodeSection implements Section {
  private static final String WRITTEN = " (written as ";
  private static final Pattern KEY_WITHOUT_BLANK = Pattern.compile("[a-z][a-z0-9_]*:[^/\\s]");

  private final String path;
  private final boolean present;
  private final Mapping node;
  private final Problem.Place place;
  private final Reading reading;
  private final @Nullable Schema schema;

  /** Has the keys that this section lacks; null when there is no such section. */
  private final @Nullable NodeSection behind;

  private NodeSection(
      String path,
      boolean present,
      Mapping node,
      Problem.Place place,
      Reading reading,
      @Nullable Schema schema,
      @Nullable NodeSection behind) {
    this.path = path;
    this.present = present;
    this.node = node;
    this.place = place;
    this.reading = reading;
    this.schema = schema;
    this.behind = behind;
  }

  /**
   * A section over a node. One that is neither a map nor a list of maps is a problem and goes on as
   * an empty section, which still counts as present: the user did ask for that plugin.
   *
   * @param node null for an absent section
   * @param at where it stands; its path is the section's
   * @param schema null where nobody has said yet what the section holds; then secrets are known by
   *     the names of their keys only
   */
  static NodeSection of(
      @Nullable Node node, Problem.Place at, Reading reading, @Nullable Schema schema) {
    Problem.Place place =
        at.file() == null ? new Problem.Place(reading.file(), at.line(), at.path()) : at;
    Mapping mapping = node == null ? Mapping.EMPTY : mapping(node);
    if (mapping == null && node != null) {
      add(
          reading.problems(),
          new Problem(
              at,
              "expected a section, that is keys below it, found "
                  + shown(node, at.path(), reading.file())
                  + (isKeyWithoutBlank(node) ? "; a blank stands behind the colon of a key" : "")));
    }
    return new NodeSection(
        at.path(),
        !Node.isNull(node),
        mapping == null ? Mapping.EMPTY : mapping,
        place,
        reading,
        schema,
        null);
  }

  /** {@code address:8080}, which is a text in YAML. */
  private static boolean isKeyWithoutBlank(Node node) {
    return node instanceof Scalar s && KEY_WITHOUT_BLANK.matcher(s.text()).lookingAt();
  }

  @Override
  public <T> T bind(Binder<T> binder) {
    Problems found = new Problems();
    T value = decode(binder, found);
    found.throwIfAny();
    return value;
  }

  /**
   * Decodes this section as a record, with fallbacks for what is wrong.
   *
   * @param found takes the problems
   * @throws ConfigException when the record refuses what it was given; with all that was found
   */
  <T> T decode(Binder<T> binder, Problems found) {
    NodeSection section = as(binder.schema(), found);
    try {
      return binder.bind(section);
    } catch (RuntimeException e) {
      // A rule of the record itself; told only when nothing else is wrong, as fallbacks may break
      // it.
      if (found.isEmpty()) {
        if (!(e instanceof IllegalArgumentException)) {
          throw e;
        }
        section.problem(null, String.valueOf(e.getMessage()));
      }
      throw new ConfigException(found.found());
    }
  }

  /**
   * The same section with problems of its own and what is known of its keys. That it was decoded so
   * is noted before its values are looked at: a broken section has known keys and secrets too.
   */
  private NodeSection as(Schema known, Problems found) {
    Decoded decoded = reading.decoded();
    if (decoded != null && present) {
      decoded.add(path, node, known);
    }
    return new NodeSection(
        path,
        present,
        node,
        place,
        reading.into(found),
        known,
        behind == null ? null : behind.as(known, found));
  }

  @Override
  public NodeSection rules() {
    return new NodeSection(
        path,
        present,
        node,
        place,
        reading.into(reading.problems().later()),
        schema,
        behind == null ? null : behind.rules());
  }

  @Override
  public Section flattened(String key) {
    return new NodeSection(path, present, node, place, reading, schema, section(key));
  }

  /**
   * Who has a key: this section, or the one behind it when only that one does. A key without a
   * value counts as one that is there, and hides the other.
   */
  private NodeSection owner(String key) {
    NodeSection other = behind;
    return other != null && node.get(key) == null && other.node.get(key) != null ? other : this;
  }

  private @Nullable Node get(String key) {
    return owner(key).node.get(key);
  }

  /** As {@link #get}, where a declared pipeline may have a map or a list as JSON. */
  private @Nullable Node structure(String key) {
    Node value = get(key);
    return reading.declared() && value instanceof Scalar text ? Sections.json(text) : value;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public boolean present() {
    return present;
  }

  @Override
  public boolean has(String key) {
    return !Node.isNull(get(key));
  }

  @Override
  public int problemCount() {
    return reading.problems().found().size();
  }

  @Override
  public List<String> keys() {
    Mapping all = behind == null ? node : behind.node.with(node.entries());
    return all.entries().entrySet().stream()
        .filter(e -> !Node.isNull(e.getValue().value()))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public String string(String key, String fallback) {
    Scalar value = scalar(key, "text");
    return value == null ? fallback : Scalars.text(value);
  }

  // mapstructure takes what Go's ParseBool does and numbers other than 0; yes and on are ours.
  @Override
  public boolean bool(String key, boolean fallback) {
    Scalar value = scalar(key, "true or false");
    if (value == null) {
      return fallback;
    }
    Boolean bool = Scalars.bool(value);
    if (bool == null) {
      problem(key, shown(value, key) + " is neither true nor false");
      return fallback;
    }
    return bool;
  }

  // Compared before it is narrowed: YAML's numbers have no bound, and an overflow could pass.
  @Override
  public long integer(String key, long fallback, long min, long max) {
    Scalar value = scalar(key, "a whole number");
    if (value == null || value.text().isBlank()) {
      return fallback;
    }
    BigInteger whole = whole(value);
    if (whole == null) {
      problem(key, shown(value, key) + " is not a whole number; allowed: " + bounds(min, max));
      return fallback;
    }
    if (whole.compareTo(BigInteger.valueOf(min)) < 0
        || whole.compareTo(BigInteger.valueOf(max)) > 0) {
      // The bounds that nobody gave are told where they are what is in the way.
      String allowed =
          whole.compareTo(BigInteger.valueOf(max)) > 0 ? min + " to " + max : bounds(min, max);
      problem(key, shown(value, key) + " is out of bounds; allowed: " + allowed);
      return fallback;
    }
    return whole.longValue();
  }

  /**
   * A whole number by mapstructure's rules: true is 1, text is read with Go's prefixes ({@code 0x},
   * {@code 0o}, {@code 0b}), and of a bare number with a point what follows it is cut off. Quoted
   * text with a point is none. Of any size, as the caller compares it; null when it is none.
   */
  private static @Nullable BigInteger whole(Scalar value) {
    return switch (value.kind()) {
      case NULL -> null;
      case BOOL -> Boolean.TRUE.equals(Scalars.bool(value)) ? BigInteger.ONE : BigInteger.ZERO;
      case INT, STRING -> Scalars.integer(value.text().strip());
      case FLOAT -> {
        // Upstream converts as Go does, towards zero; beyond 64 bits Go's result is not defined.
        Double number = Scalars.decimal(value.text());
        yield number == null || Double.isNaN(number) || Math.abs(number) >= 0x1p63
            ? null
            : BigInteger.valueOf(number.longValue());
      }
    };
  }

  /** What is allowed, in words: the ends of int and long stand for "no bound was given". */
  private static String bounds(long min, long max) {
    if (min == Long.MIN_VALUE && max == Long.MAX_VALUE) {
      return "any whole number";
    }
    if (max == Long.MAX_VALUE || max == Integer.MAX_VALUE) {
      return min + " or more";
    }
    return min == Long.MIN_VALUE || min == Integer.MIN_VALUE
        ? max + " or less"
        : min + " to " + max;
  }

  @Override
  public double decimal(String key, double fallback) {
    Scalar value = scalar(key, "a number");
    if (value == null || value.text().isBlank()) {
      return fallback;
    }
    if (value.kind() == Kind.BOOL) {
      return Boolean.TRUE.equals(Scalars.bool(value)) ? 1 : 0;
    }
    Double number = Scalars.decimal(value.text().strip());
    if (number == null) {
      problem(key, shown(value, key) + " is not a number");
      return fallback;
    }
    return number;
  }

  @Override
  public Duration duration(String key, Duration fallback) {
    Scalar value = scalar(key, "a duration");
    if (value == null) {
      return fallback;
    }
    try {
      Duration duration = duration(value, fallback);
      if (duration.isNegative()) {
        problem(key, shown(value, key) + " is negative; allowed: 0s or more");
        return fallback;
      }
      return duration;
    } catch (IllegalArgumentException e) {
      problem(
          key,
          shown(value, key)
              + " "
              + e.getMessage()
              + "; write a number with a unit, such as 500ms, 30s or 1h30m");
      return fallback;
    }
  }

  /**
   * Parses one. A bare whole number is nanoseconds: upstream's field is a Go duration, which is a
   * count of them, and mapstructure assigns the number to it. Few mean that, so {@link UnknownKeys}
   * warns of small ones. Quoted or expanded digits are text, which has to have a unit. A declared
   * pipeline's values are all texts, and PHP's packages mean seconds there.
   */
  private Duration duration(Scalar value, Duration fallback) {
    if (reading.declared() && value.text().isBlank()) {
      return fallback;
    }
    if (reading.declared() && Scalars.plain(value.text().strip()) == Kind.INT) {
      return GoDuration.parse(Scalars.integer(value.text().strip()) + "s");
    }
    if (value.kind() != Kind.INT) {
      return GoDuration.parse(value.text().strip());
    }
    BigInteger nanos = Scalars.integer(value.text());
    if (nanos == null || nanos.bitLength() > 63) {
      throw new IllegalArgumentException("is longer than 292 years");
    }
    return Duration.ofNanos(nanos.longValue());
  }

  // Words are compared without case, and with - for _: the names of constants cannot have a dash.
  @Override
  public <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
    Scalar value = scalar(key, "a word");
    if (value == null || value.text().isBlank()) {
      return fallback;
    }
    String wanted = Scalars.text(value).strip().toLowerCase(Locale.ROOT).replace('-', '_');
    List<String> allowed = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      if (name.equals(wanted)) {
        return constant;
      }
      allowed.add(name);
    }
    String near = Nearest.to(wanted, allowed);
    problem(
        key,
        shown(value, key)
            + " is not one of "
            + String.join(", ", allowed)
            + (near == null ? "" : "; did you mean " + near + "?"));
    return fallback;
  }

  // As viper's hooks and weak mapstructure: text is split, another scalar is a list of one, and an
  // empty map is an empty list.
  @Override
  public List<String> strings(String key, List<String> fallback) {
    Node value = structure(key);
    return switch (value) {
      case null -> fallback;
      case Scalar s when s.kind() == Kind.NULL -> fallback;
      case Scalar s when s.kind() == Kind.STRING -> split(s.text());
      case Scalar s -> List.of(Scalars.text(s));
      case Sequence s -> texts(key, s);
      case Mapping m when m.entries().isEmpty() -> List.of();
      case Mapping m -> {
        problem(key, "expected a list of texts, found " + shown(m, key));
        yield fallback;
      }
    };
  }

  /** Viper splits at commas and keeps the blanks beside them, which nobody means. */
  private static List<String> split(String text) {
    return text.isBlank() ? List.of() : Arrays.stream(text.split(",")).map(String::strip).toList();
  }

  private List<String> texts(String key, Sequence list) {
    List<String> out = new ArrayList<>();
    for (Node item : list.items()) {
      if (item instanceof Scalar s) {
        out.add(Scalars.text(s));
      } else {
        problem(key, "entry " + (out.size() + 1) + " should be text, found " + shown(item, key));
        // Keeps the number of entries, so that the next message counts right.
        out.add("");
      }
    }
    return List.copyOf(out);
  }

  @Override
  public StringOrList stringOrList(String key, StringOrList fallback) {
    Node value = get(key);
    return switch (value) {
      case null -> fallback;
      case Scalar s when s.kind() == Kind.NULL -> fallback;
      case Scalar s -> StringOrList.of(Scalars.text(s));
      case Sequence s -> new StringOrList(texts(key, s), true);
      case Mapping m -> {
        problem(key, "expected text or a list of texts, found " + shown(m, key));
        yield fallback;
      }
    };
  }

  @Override
  public Map<String, String> map(String key) {
    Map<String, String> out = new LinkedHashMap<>();
    Mapping map = below(key, "a map of texts");
    for (Entry entry : map.entries().values()) {
      if (entry.value() instanceof Scalar s) {
        out.put(entry.name(), Scalars.text(s));
      } else {
        String inner = key + "." + entry.name();
        add(
            new Problem(
                new Problem.Place(entry.value().file(), entry.line(), below(inner)),
                "expected text, found " + shown(entry.value(), inner)));
      }
    }
    return Collections.unmodifiableMap(out);
  }

  @Override
  public Map<String, Object> values() {
    Map<String, Object> out = new LinkedHashMap<>();
    node.entries().values().forEach(e -> out.put(e.name(), ConfigTree.value(e.value())));
    return Collections.unmodifiableMap(out);
  }

  /** The map under a key; an empty one when it is absent, or is none, which is a problem. */
  private Mapping below(String key, String expected) {
    Node value = structure(key);
    if (Node.isNull(value) || value == null) {
      return Mapping.EMPTY;
    }
    Mapping map = mapping(value);
    if (map == null) {
      problem(key, "expected " + expected + ", found " + shown(value, key));
      return Mapping.EMPTY;
    }
    return map;
  }

  @Override
  public NodeSection section(String key) {
    return of(structure(key), place(key), reading, nested(key));
  }

  // A single map is a list of one, as mapstructure lifts it.
  @Override
  public List<Section> sections(String key) {
    Node value = structure(key);
    List<Node> items =
        switch (value) {
          case null -> List.of();
          case Scalar s when s.kind() == Kind.NULL -> List.of();
          case Sequence s -> s.items();
          default -> List.of(value);
        };
    List<Section> out = new ArrayList<>();
    for (Node item : items) {
      Problem.Place at =
          new Problem.Place(item.file(), item.line(), below(key) + "[" + out.size() + "]");
      out.add(of(item, at, reading, nested(key)));
    }
    return List.copyOf(out);
  }

  @Override
  public Map<String, Section> sectionMap(String key) {
    boolean whole = key.isEmpty();
    Mapping map = whole ? node : below(key, "a map of sections");
    String parent = whole ? path : below(key);
    Map<String, Section> out = new LinkedHashMap<>();
    for (Entry entry : map.entries().values()) {
      Node value = entry.value();
      // Where the whole section is such a map, as kv is, viper leaves names without a value out.
      // Further inside they are sections that are not present.
      if (!whole || !Node.isNull(value)) {
        String at = parent.isEmpty() ? entry.name() : parent + "." + entry.name();
        Problem.Place place = new Problem.Place(value.file(), entry.line(), at);
        out.put(entry.name(), of(value, place, reading, nested(whole ? Schema.NAMES : key)));
      }
    }
    return Collections.unmodifiableMap(out);
  }

  @Override
  public Problem.Place place(@Nullable String key) {
    if (key == null) {
      return place;
    }
    NodeSection owner = owner(key);
    Entry entry = owner.node.entries().get(key.toLowerCase(Locale.ROOT));
    return entry == null
        ? new Problem.Place(place.file(), place.line(), below(key))
        : new Problem.Place(entry.value().file(), entry.line(), owner.below(key));
  }

  @Override
  public void problem(@Nullable String key, String message) {
    add(new Problem(place(key), key == null ? message : message + expandedFrom(key, message)));
  }

  /**
   * How a value is written, where it was expanded: the file does not show what a message quotes.
   */
  private String expandedFrom(String key, String message) {
    return get(key) instanceof Scalar value && !isSecret(key) && !message.contains(WRITTEN)
        ? written(value)
        : "";
  }

  @Override
  public void warn(String key, String message) {
    reading.problems().warn(new Problem(place(key), message + expandedFrom(key, message)));
  }

  @Override
  public void missing(String key, String expected) {
    problem(key, "is missing; expected " + expected);
  }

  private void add(Problem problem) {
    add(reading.problems(), problem);
  }

  /** The same key may be asked for twice; its problem is told once. */
  private static void add(Problems problems, Problem problem) {
    if (!problems.found().contains(problem)) {
      problems.add(problem);
    }
  }

  /** The path of a key, below the section in which it really stands. */
  private String below(String key) {
    String parent = owner(key).path;
    return parent.isEmpty() ? key : parent + "." + key;
  }

  /** A scalar, or null when the key is absent or, which is a problem, something else. */
  private @Nullable Scalar scalar(String key, String expected) {
    Node value = get(key);
    if (value instanceof Scalar s) {
      return s.kind() == Kind.NULL ? null : s;
    }
    if (value != null) {
      problem(key, "expected " + expected + ", found " + shown(value, key));
    }
    return null;
  }

  /**
   * A map, or a list of maps as one, where the last that has a key gives it: {@code env: [{A: b}]}
   * is what upstream's documentation shows, and mapstructure merges it. A value that is null is an
   * empty map. Null when it is neither.
   */
  private static @Nullable Mapping mapping(Node node) {
    return switch (node) {
      case Mapping m -> m;
      case Scalar s when s.kind() == Kind.NULL -> Mapping.EMPTY;
      case Scalar s -> null;
      case Sequence s -> {
        Mapping all = new Mapping(new LinkedHashMap<>(), s.file(), s.line());
        for (Node item : s.items()) {
          if (!(item instanceof Mapping m)) {
            yield null;
          }
          all = all.with(m.entries());
        }
        yield all;
      }
    };
  }

  /** What is known of the sections under a key; null when nothing is. */
  private @Nullable Schema nested(String key) {
    Schema.Field field = field(key);
    return field == null ? null : field.nested();
  }

  private Schema.@Nullable Field field(String key) {
    return schema == null
        ? null
        : schema.fields().stream().filter(f -> f.name().equals(key)).findFirst().orElse(null);
  }

  /**
   * A value as a message shows it. The section's path counts as well, since a key below {@code
   * tokens} may be called anything.
   */
  private String shown(Scalar value, String key) {
    return isSecret(key) ? "the value (not shown)" : scalarText(value, reading.file());
  }

  private boolean isSecret(String key) {
    Schema.Field field = field(key);
    return field != null && field.secret() || Secrets.named(key) || Secrets.named(path);
  }

  private String shown(Node value, String key) {
    return shown(value, key, reading.file());
  }

  private static String shown(Node value, String key, @Nullable Path file) {
    return switch (value) {
      case Sequence s -> "a list";
      case Mapping m -> "a map";
      case Scalar s -> Secrets.named(key) ? "a value (not shown)" : scalarText(s, file);
    };
  }

  private static String written(Scalar value) {
    return value.text().equals(value.written())
        ? ""
        : WRITTEN + Secrets.shown(value.written()) + ")";
  }

  /** The value, and where it comes from when the line in the file does not show it. */
  private static String scalarText(Scalar value, @Nullable Path file) {
    String text = "\"" + Secrets.shown(value.text()) + "\"" + written(value);
    boolean override = value.file() == null && file != null;
    return override ? text + " (given with -o)" : text;
  }
}
