package dev.rr.processor.root;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.base.Spelling;
import dev.rr.processor.descriptor.Descriptor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What the generated classes call what they share. */
final class Identifiers {
  static final String CONFIGURER = ClassNames.CONFIGURER.canonicalName();
  static final String LOGGERS = ClassNames.LOGGERS.canonicalName();
  static final String CLI_COMMAND = ClassNames.CLI_COMMAND.canonicalName();

  private final Map<String, String> byContract;
  private final Map<String, String> byPlugin;

  private Identifiers(Set<String> contracts, Set<String> plugins) {
    byContract = distinct(contracts, c -> String.join("", type(c).simpleNames()));
    byPlugin = distinct(plugins, Identifiers::camel);
  }

  /** Two contracts may share their simple name, and two ids differ by an underscore alone. */
  private static Map<String, String> distinct(Set<String> all, UnaryOperator<String> shortened) {
    Map<String, String> names = new TreeMap<>();
    Set<String> taken = new HashSet<>();
    for (String one : new TreeSet<>(all)) {
      String simple = shortened.apply(one);
      String name = simple;
      for (int i = 2; !taken.add(name); i++) {
        name = simple + i;
      }
      names.put(one, name);
    }
    return names;
  }

  /** {@code proxy_ip_parser} as {@code ProxyIpParser}. */
  private static String camel(String id) {
    return Arrays.stream(id.split("_", -1)).map(Spelling::capital).collect(Collectors.joining());
  }

  /** For every contract and plugin that the generated code mentions. */
  static Identifiers of(Graph graph) {
    Set<String> contracts = new TreeSet<>(Set.of(CONFIGURER, LOGGERS, CLI_COMMAND));
    graph.members().forEach(m -> graph.needs(m).forEach(n -> contracts.add(n.contract())));
    return new Identifiers(
        contracts, graph.members().stream().map(SelectedPlugin::id).collect(Collectors.toSet()));
  }

  /** The method that has a plugin collect. */
  String collect(String id) {
    return "collect" + byPlugin.get(id);
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
        ParameterizedTypeName.get(ClassNames.PROVIDER, contract));
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
