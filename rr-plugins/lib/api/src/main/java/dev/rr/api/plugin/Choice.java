package dev.rr.api.plugin;

import dev.rr.api.config.Nearest;
import dev.rr.api.config.Section;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The offers of one contract among which a configuration chooses by name: middleware, content
 * codings, drivers. Filled while the plugin collects; what it says about a name that nothing here
 * answers to is the same everywhere. Filled by one thread, then read by any.
 *
 * @param <C> the contract
 */
public final class Choice<C> {
  private final Class<C> contract;
  private final String word;
  private final Catalogue catalogue;
  private final Map<String, C> offers = new LinkedHashMap<>();

  /**
   * A choice without offers yet.
   *
   * @param contract what is offered
   * @param word what a user calls one of them, for example {@code coding}
   * @param catalogue knows the offers that are not here
   */
  public Choice(Class<C> contract, String word, Catalogue catalogue) {
    this.contract = contract;
    this.word = word;
    this.catalogue = catalogue;
  }

  /** Adds an offer. Of two under one name the first stays: plugins are collected by weight. */
  public void add(String name, C offer) {
    offers.putIfAbsent(name, offer);
  }

  /** The offer of a live plugin by this name. */
  public Optional<C> find(String name) {
    return Optional.ofNullable(offers.get(name));
  }

  /** As {@link #find(String)}; records a problem at {@code key} when there is none. */
  public Optional<C> find(String name, Section section, String key) {
    Optional<C> found = find(name);
    if (found.isEmpty()) {
      section.problem(key, missing(name));
    }
    return found;
  }

  /** Whether this binary has an offer by this name that does not live. */
  public boolean isSwitchedOff(String name) {
    return !offers.containsKey(name) && offering(name).filter(Catalogue.Entry::builtIn).isPresent();
  }

  /** Every name that is known, in this binary or outside it, sorted. */
  public SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>(offers.keySet());
    catalogue.offering(contract).forEach(e -> names.addAll(e.names(contract)));
    return names;
  }

  /** Which names there are, for a message. */
  public String allowed() {
    SortedSet<String> names = names();
    return names.isEmpty()
        ? "there is none in this binary"
        : "there are " + String.join(", ", names);
  }

  /**
   * Why there is no live offer by this name, and what to do about it: what was misspelt, which
   * plugin to add, or where to look.
   */
  public String missing(String name) {
    if (name.isEmpty()) {
      return "is missing; " + allowed();
    }
    String quoted = "'" + name + "' ";
    String wanted = name.toLowerCase(Locale.ROOT);
    Optional<Catalogue.Entry> entry = offering(wanted);
    if (entry.isPresent() && !offers.containsKey(wanted)) {
      return entry.get().builtIn()
          ? quoted + "is switched off, see rr plugins"
          : quoted + "is not in this binary; add " + entry.get().coordinates() + " to the build";
    }
    Optional<String> other = otherNameOf(wanted);
    if (other.isPresent()) {
      return quoted + "is the plugin; did you mean its " + word + " '" + other.get() + "'?";
    }
    String near = Nearest.to(name, names());
    return quoted
        + "is no "
        + word
        + "; "
        + allowed()
        + (near == null ? "" : "; did you mean '" + near + "'?")
        + (name.indexOf(' ') < 0 ? "" : "; several are written [one, two]");
  }

  /** A plugin that offers the name; one of this binary rather than another. */
  private Optional<Catalogue.Entry> offering(String name) {
    return catalogue.offering(contract).stream()
        .filter(e -> e.names(contract).contains(name))
        .min(Comparator.comparing(e -> !e.builtIn()));
  }

  /** What the plugin of this id offers under a name other than its id. */
  private Optional<String> otherNameOf(String id) {
    return catalogue
        .find(id)
        .map(e -> e.names(contract))
        .filter(names -> !names.contains(id))
        .flatMap(names -> names.stream().findFirst());
  }
}
