package dev.rr.build.init;

import java.util.List;

/**
 * A selection to begin with.
 *
 * @param plugins short names, in no order and perhaps without what they need
 * @param notes sentences for the user: what was left out, and why
 */
public record StartingPoint(List<String> plugins, List<String> notes) {
  public StartingPoint {
    plugins = plugins.stream().distinct().toList();
    notes = List.copyOf(notes);
  }
}
