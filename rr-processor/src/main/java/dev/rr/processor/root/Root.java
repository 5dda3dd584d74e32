package dev.rr.processor.root;

import com.palantir.javapoet.ClassName;
import java.util.List;

/**
 * Everything that the root component is generated from.
 *
 * @param graph the selection, without missing needs and cycles
 * @param catalogue every plugin that is known, those of the selection included, by id
 * @param version the user's version of the binary
 * @param rr the version of rr
 * @param lock what {@code --version} shows of the hash over every input, or empty
 */
public record Root(
    Graph graph, List<CatalogueEntry> catalogue, String version, String rr, String lock) {
  /** Where generated classes live. */
  public static final String PACKAGE = "dev.rr.assembly";

  static final ClassName COMPONENT = own("RrComponent");
  static final ClassName SELECTION = own("RrSelection");
  static final ClassName WIRING = own("RrWiring");
  static final ClassName ASSEMBLY = own("RrAssembly");
  static final ClassName MAIN = own("RrMain");

  public Root {
    catalogue = List.copyOf(catalogue);
  }

  private static ClassName own(String name) {
    return ClassName.get(PACKAGE, name);
  }
}
