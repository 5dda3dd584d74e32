package dev.rr.processor.root;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import dev.rr.processor.descriptor.Descriptor;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Types and identifiers that the generated classes share. */
final class Names {
  static final String CONFIGURER = "dev.rr.api.config.Configurer";
  static final String LOGGERS = "dev.rr.api.log.Loggers";
  static final String CLI_COMMAND = "dev.rr.api.cli.CliCommand";

  static final ClassName KERNEL_ASSEMBLY = ClassName.get("dev.rr.kernel", "Assembly");
  static final ClassName BUILD_INFO = KERNEL_ASSEMBLY.nestedClass("BuildInfo");
  static final ClassName LIVENESS = KERNEL_ASSEMBLY.nestedClass("Liveness");
  static final ClassName KERNEL_WIRING = ClassName.get("dev.rr.kernel", "Wiring");
  static final ClassName PLUGIN_INFO = ClassName.get("dev.rr.kernel", "PluginInfo");
  static final ClassName CATALOGUE = ClassName.get("dev.rr.api.plugin", "Catalogue");
  static final ClassName HOST = type(Graph.HOST);
  static final ClassName NAMED = type(Graph.NAMED);
  static final ClassName SCHEMA = ClassName.get("dev.rr.api.config", "Schema");
  static final ClassName MODULE = ClassName.get("dagger", "Module");
  static final ClassName PROVIDES = ClassName.get("dagger", "Provides");
  static final ClassName PROVIDER = ClassName.get("jakarta.inject", "Provider");

  private final Map<String, String> byContract = new TreeMap<>();

  private Names(Collection<String> contracts) {
    Set<String> taken = new HashSet<>();
    for (String contract : new TreeSet<>(contracts)) {
      String simple = String.join("", type(contract).simpleNames());
      String name = simple;
      // Two contracts may share their simple name.
      for (int i = 2; !taken.add(name); i++) {
        name = simple + i;
      }
      byContract.put(contract, name);
    }
  }

  /** Names for every contract that the generated code mentions. */
  static Names of(Graph graph) {
    Set<String> contracts = new TreeSet<>(Set.of(CONFIGURER, LOGGERS, CLI_COMMAND));
    graph.members().forEach(m -> graph.needs(m).forEach(n -> contracts.add(n.contract())));
    return new Names(contracts);
  }

  /** The method that gives all offers of a contract. */
  String offers(String contract) {
    return "offers" + byContract.get(contract);
  }

  /** The method that gives the first live offer of a contract. */
  String first(String contract) {
    return "first" + byContract.get(contract);
  }

  /** The method that gives the first live offer, if there is one. */
  String optional(String contract) {
    return "optional" + byContract.get(contract);
  }

  /** The declaration that a contract may have no offer. */
  String none(String contract) {
    return "none" + byContract.get(contract);
  }

  /** {@code Map<String, Provider<C>>}. */
  static TypeName offersOf(TypeName contract) {
    return ParameterizedTypeName.get(
        ClassName.get(Map.class),
        ClassName.get(String.class),
        ParameterizedTypeName.get(PROVIDER, contract));
  }

  /** {@code Optional<C>}. */
  static TypeName optionalOf(TypeName contract) {
    return ParameterizedTypeName.get(ClassName.get(Optional.class), contract);
  }

  /**
   * The class of a qualified name; nested classes are told by their capital letter, or by a dollar
   * sign.
   */
  static ClassName type(String qualified) {
    return ClassName.bestGuess(qualified.replace('$', '.'));
  }

  static ClassName module(Descriptor descriptor) {
    return type(descriptor.module());
  }
}
