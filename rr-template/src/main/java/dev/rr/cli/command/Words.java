package dev.rr.cli.command;

import dev.rr.api.plugin.Catalogue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be given as an argument or as the value of a flag. Immutable.
 *
 * @param label what stands for it in help, such as {@code [plugin...]}; empty for nothing
 * @param known the words there are; empty when the user chooses
 * @param offered a contract whose plugins' names are words as well, or null
 */
public record Words(String label, List<String> known, @Nullable Class<?> offered) {
  /** Nothing may be given. */
  public static final Words NONE = new Words("", List.of(), null);

  public Words {
    known = List.copyOf(known);
  }

  /** Whatever the user writes. */
  public static Words any(String label) {
    return new Words(label, List.of(), null);
  }

  /** One of these. */
  public static Words of(String... known) {
    return new Words(String.join("|", known), List.of(known), null);
  }

  /** Plugins that offer a contract. */
  public static Words plugins(String label, Class<?> contract) {
    return new Words(label, List.of(), contract);
  }

  /** Whether nothing may be given. */
  public boolean isEmpty() {
    return label.isEmpty();
  }

  /** Every word that a binary with these plugins knows. */
  public List<String> all(Catalogue catalogue) {
    List<String> all = new ArrayList<>(known);
    if (offered != null) {
      catalogue.offering(offered).stream()
          .filter(Catalogue.Entry::builtIn)
          .forEach(plugin -> all.add(plugin.id()));
    }
    return all;
  }
}
