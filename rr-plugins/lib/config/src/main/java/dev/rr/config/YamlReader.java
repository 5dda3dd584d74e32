package dev.rr.config;

import dev.rr.api.config.ConfigException;
import dev.rr.api.config.Problem;
import dev.rr.config.Node.Entry;
import dev.rr.config.Node.Kind;
import dev.rr.config.Node.Mapping;
import dev.rr.config.Node.Scalar;
import dev.rr.config.Node.Sequence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Composes nodes from the parser's events. Bounded in depth and in size, so that no file can
 * exhaust stack or memory through nesting or aliases. One use, one thread.
 *
 * <p>The library could compose too, but resolves scalars by YAML 1.2's schemas, where files were
 * written for Go's reader ({@code 0644}, {@code 1_000}), and stops at the first key that stands
 * twice. Its own limits on aliases hold where it composes; of the events they have to be counted
 * here.
 *
 * <p>JSON is read as the YAML that it is, so both have one set of messages.
 */
public final class YamlReader {
  /** Levels. Whatever walks the tree later recurses once for each, so it is their bound as well. */
  private static final int MAX_DEPTH = 100;

  /**
   * Values, each alias counted as all that it stands for. An alias costs nothing here, as nodes are
   * shared, but whoever walks the tree meets it every time: ten levels of ten aliases would be ten
   * billion. Go's reader bounds the share that aliases have instead.
   */
  private static final int MAX_NODES = 1_000_000;

  /**
   * Far more than anybody writes; the parser's own bound is 3 Mi, too little for generated files.
   */
  private static final int MAX_CHARACTERS = 16 << 20;

  private final Path file;
  private final Iterator<Event> events;
  private final Map<Anchor, Sized> anchors = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private int nodes;

  /** A node that has an anchor, and how many nodes an alias of it stands for. */
  private record Sized(Node node, int size) {}

  private YamlReader(Path file, Iterator<Event> events) {
    this.file = file;
    this.events = events;
  }

  /**
   * Reads the first document, as Go's reader does; further ones are not looked at. A file without
   * any is an empty map: that its version is missing is told later, with what to write.
   *
   * @param file what messages name; it is not opened
   * @throws ConfigException when it is no YAML, or not a map
   */
  public static Mapping read(Path file, String text) {
    // The parser's window is the whole text: in one of its usual size a line of megabytes would be
    // copied for each kilobyte of it.
    LoadSettings settings =
        LoadSettings.builder()
            .setCodePointLimit(MAX_CHARACTERS)
            .setBufferSize(Math.max(1024, text.length()))
            .setLabel(file.toString())
            .build();
    try {
      YamlReader reader = new YamlReader(file, new Parse(settings).parseString(text).iterator());
      Mapping mapping = reader.document();
      if (!reader.problems.isEmpty()) {
        throw new ConfigException(reader.problems);
      }
      return mapping;
    } catch (YamlEngineException e) {
      throw new ConfigException(List.of(YamlFault.problem(file, text, e)));
    }
  }

  private Mapping document() {
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, DocumentStart, Comment -> {}
        case StreamEnd, DocumentEnd -> {
          return new Mapping(new LinkedHashMap<>(), file, 1);
        }
        default -> {
          Node root = node(event, 0);
          if (root instanceof Mapping m) {
            // The parser reads one event ahead only: text after the root would go unseen otherwise.
            drainDocument();
            return m;
          }
          if (Node.isNull(root)) {
            return new Mapping(new LinkedHashMap<>(), file, 1);
          }
          throw fault(
              event, "a configuration is a map of sections, such as `http:`; this is not one");
        }
      }
    }
    return new Mapping(new LinkedHashMap<>(), file, 1);
  }

  /** Has the parser see the rest of the document, and throw when it is broken there. */
  private void drainDocument() {
    while (events.hasNext() && events.next().getEventId() != Event.ID.DocumentEnd) {
      continue;
    }
  }

  private Node node(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw fault(event, "nested deeper than " + MAX_DEPTH + " levels");
    }
    int before = nodes;
    count(event, 1);
    Node node =
        switch (event) {
          case AliasEvent alias -> alias(alias);
          case ScalarEvent scalar -> scalar(scalar);
          case SequenceStartEvent sequence -> sequence(sequence, depth);
          case MappingStartEvent mapping -> mapping(mapping, depth);
          default -> throw fault(event, "unexpected " + event.getEventId());
        };
    // An anchor is known once its node has ended: no alias can stand for what it stands in, so the
    // tree has no circles.
    if (!(event instanceof AliasEvent) && event instanceof NodeEvent named) {
      Optional<Anchor> anchor = named.getAnchor();
      anchor.ifPresent(a -> anchors.put(a, new Sized(node, nodes - before)));
    }
    return node;
  }

  private void count(Event event, int more) {
    nodes += more;
    if (nodes > MAX_NODES) {
      throw fault(event, "more than " + MAX_NODES + " values, aliases counted each time");
    }
  }

  private Node alias(AliasEvent event) {
    Sized target = anchors.get(event.getAlias());
    if (target == null) {
      throw fault(
          event,
          "alias *"
              + event.getAlias()
              + " has no anchor &"
              + event.getAlias()
              + " that ends before it");
    }
    count(event, target.size());
    return target.node();
  }

  /** Only what has neither quotes nor a tag is looked at for its form: {@code "8"} is text. */
  private Scalar scalar(ScalarEvent event) {
    String text = event.getValue();
    Kind kind = event.isPlain() && event.getTag().isEmpty() ? Scalars.plain(text) : Kind.STRING;
    return new Scalar(kind, text, text, file, line(event));
  }

  private Sequence sequence(SequenceStartEvent start, int depth) {
    List<Node> items = new ArrayList<>();
    for (Event e = next(start); e.getEventId() != Event.ID.SequenceEnd; e = next(e)) {
      items.add(node(e, depth + 1));
    }
    return new Sequence(items, file, line(start));
  }

  /**
   * A map. What {@code <<} brings goes behind the map's own keys wherever it stands, and of several
   * the first that has a key gives it, as YAML 1.1's merge key says.
   */
  private Mapping mapping(MappingStartEvent start, int depth) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    List<Mapping> merged = new ArrayList<>();
    for (Event e = next(start); e.getEventId() != Event.ID.MappingEnd; e = next(e)) {
      Event key = e;
      Node name = node(key, depth + 1);
      e = next(key);
      Node value = node(e, depth + 1);
      if (!(name instanceof Scalar scalar)) {
        problem(line(key), "a key has to be plain text, not a list or a map");
      } else if (scalar.text().equals("<<") && key instanceof ScalarEvent s && s.isPlain()) {
        merge(e, value, merged);
      } else {
        put(entries, scalar.text(), line(key), value);
      }
    }
    for (Mapping other : merged) {
      other.entries().forEach(entries::putIfAbsent);
    }
    return new Mapping(entries, file, line(start));
  }

  /**
   * Keys are compared in lower case: of two that differ in case alone viper keeps one by chance.
   */
  private void put(SequencedMap<String, Entry> entries, String name, int line, Node value) {
    Entry old = entries.putIfAbsent(name.toLowerCase(Locale.ROOT), new Entry(name, line, value));
    if (old != null) {
      problem(
          line,
          "key \""
              + name
              + "\" stands twice, first on line "
              + old.line()
              + (old.name().equals(name)
                  ? ""
                  : " as \"" + old.name() + "\" (case does not matter)"));
    }
  }

  private void merge(Event at, Node value, List<Mapping> merged) {
    switch (value) {
      case Mapping m -> merged.add(m);
      case Sequence s -> s.items().forEach(item -> merge(at, item, merged));
      case Scalar s -> {
        if (s.kind() != Kind.NULL) {
          problem(line(at), "`<<` merges a map or a list of maps");
        }
      }
    }
  }

  private Event next(Event before) {
    if (!events.hasNext()) {
      throw fault(before, "ends too early");
    }
    return events.next();
  }

  private void problem(int line, String message) {
    problems.add(new Problem(new Problem.Place(file, line, ""), message));
  }

  /** What ends the reading, with all that was found before. */
  private ConfigException fault(Event event, String message) {
    List<Problem> all = new ArrayList<>(problems);
    all.add(new Problem(new Problem.Place(file, line(event), ""), message));
    return new ConfigException(all);
  }

  /** The parser counts from 0. */
  private static int line(Event event) {
    return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
