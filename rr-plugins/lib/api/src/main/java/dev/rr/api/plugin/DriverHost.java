package dev.rr.api.plugin;

import dev.rr.api.config.Problems;
import dev.rr.api.config.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What the drivers of a section opened: the section holds names that the user chooses, and below
 * each the key {@code driver}. The plugin's thread fills, opens and closes; any thread finds.
 *
 * @param <D> the driver's contract
 * @param <T> what a driver opens
 */
public final class DriverHost<D, T> {
  private final Choice<D> drivers;
  private final Closing<T> closing;
  private final Map<String, T> opened = new ConcurrentHashMap<>();

  /** Looks at a name's section as its driver does; may throw a {@code ConfigException}. */
  @FunctionalInterface
  public interface Checking<D> {
    /** Called for each name whose driver is there. */
    void check(D driver, String name, Section section);
  }

  /** Opens what stands under a name. */
  @FunctionalInterface
  public interface Opening<D, S, T> {
    /** Called for each name; an exception fails the start. */
    T open(D driver, String name, S section) throws Exception;
  }

  /** Closes what was opened. */
  @FunctionalInterface
  public interface Closing<T> {
    /** Called once for each. */
    void close(T opened, Deadline deadline) throws Exception;
  }

  /** A host without drivers yet; {@code catalogue} knows those that are not here. */
  public DriverHost(Class<D> contract, Catalogue catalogue, Closing<T> closing) {
    this.drivers = new Choice<>(contract, "driver", catalogue);
    this.closing = closing;
  }

  /** Adds a driver, as {@link Choice#add} does. */
  public void add(String name, D driver) {
    drivers.add(name, driver);
  }

  /** Records what is wrong with each name's driver, and what the driver says of its section. */
  public void check(Section section, Problems problems, Checking<D> checking) {
    section
        .sectionMap("")
        .forEach((name, at) ->
            drivers
                .find(at.string("driver", ""), at, "driver")
                .ifPresent(d -> problems.collect(() -> checking.check(d, name, at))));
  }

  /**
   * Opens every name, one after the other.
   *
   * @param sections what was checked before, decoded
   * @param driver tells the driver's name
   * @throws Exception of the first that cannot be opened; those before it wait for {@link #close}
   */
  public <S> void open(
      Map<String, S> sections, Function<S, String> driver, Opening<D, S, T> opening)
      throws Exception {
    for (Map.Entry<String, S> section : sections.entrySet()) {
      String wanted = driver.apply(section.getValue());
      D found =
          drivers
              .find(wanted)
              .orElseThrow(() -> new IllegalArgumentException(drivers.missing(wanted)));
      opened.put(section.getKey(), opening.open(found, section.getKey(), section.getValue()));
    }
  }

  /** What was opened under a name. */
  public Optional<T> find(String name) {
    return Optional.ofNullable(opened.get(name));
  }

  /**
   * Closes all that is open, also when one of them fails. A second call does nothing.
   *
   * @throws Exception the first of their failures, which has the others with it
   */
  public void close(Deadline deadline) throws Exception {
    List<Exception> failures = new ArrayList<>();
    for (String name : List.copyOf(opened.keySet())) {
      try {
        T one = opened.remove(name);
        if (one != null) {
          closing.close(one, deadline);
        }
      } catch (Exception e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      Exception first = failures.removeFirst();
      failures.forEach(first::addSuppressed);
      throw first;
    }
  }
}
