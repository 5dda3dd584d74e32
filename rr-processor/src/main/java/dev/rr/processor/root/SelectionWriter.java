package dev.rr.processor.root;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import dev.rr.processor.base.ClassNames;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;

/**
 * Writes {@code RrSelection}: of every needed contract the first offer that lives at that moment.
 */
final class SelectionWriter {

  private final Graph graph;
  private final Identifiers names;

  private SelectionWriter(Graph graph, Identifiers names) {
    this.graph = graph;
    this.names = names;
  }

  static TypeSpec write(Root root, Identifiers names) {
    return new SelectionWriter(root.graph(), names).type();
  }

  private TypeSpec type() {
    TypeSpec.Builder type =
        TypeSpec.interfaceBuilder(Root.SELECTION)
            .addJavadoc("Who is taken: weight descending, then id, then method; only who lives.\n")
            .addAnnotation(ClassNames.MODULE);
    needed(Graph.DependencyKind.HARD).forEach(c -> type.addMethod(first(c)));
    Set<String> soft = needed(Graph.DependencyKind.SOFT);
    soft.forEach(c -> type.addMethod(optional(c)));
    Set<String> mayLack = new TreeSet<>(soft);
    mayLack.addAll(ComponentWriter.contracts(graph));
    mayLack.stream().filter(c -> graph.offers(c).isEmpty()).forEach(c -> type.addMethod(none(c)));
    return type.build();
  }

  private Set<String> needed(Graph.DependencyKind strength) {
    Set<String> contracts = new TreeSet<>();
    for (SelectedPlugin member : graph.members()) {
      graph.needs(member).stream()
          .filter(n -> n.strength() == strength)
          .forEach(n -> contracts.add(n.contract()));
    }
    return contracts;
  }

  private MethodSpec first(String contract) {
    MethodSpec.Builder method = provider(names.first(contract), contract);
    method.returns(Identifiers.type(contract));
    for (Graph.Offering offer : graph.firstOffers(contract)) {
      method
          .beginControlFlow("if (live.isLive($S))", offer.member().id())
          .addStatement("return offers.get($S).get()", offer.key())
          .endControlFlow();
    }
    // The kernel constructs nobody whose needs do not live.
    method.addStatement(
        "throw new $T($S)", IllegalStateException.class, "no live plugin offers " + contract);
    return method.build();
  }

  private MethodSpec optional(String contract) {
    MethodSpec.Builder method = provider(names.optional(contract), contract);
    method.returns(Identifiers.optionalOf(Identifiers.type(contract)));
    for (Graph.Offering offer : graph.firstOffers(contract)) {
      method
          .beginControlFlow("if (live.isLive($S))", offer.member().id())
          .addStatement("return $T.of(offers.get($S).get())", Optional.class, offer.key())
          .endControlFlow();
    }
    return method.addStatement("return $T.empty()", Optional.class).build();
  }

  private static MethodSpec.Builder provider(String name, String contract) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(ClassNames.PROVIDES)
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addParameter(Identifiers.offersOf(Identifiers.type(contract)), "offers")
        .addParameter(ClassNames.LIVENESS, "live");
  }

  private MethodSpec none(String contract) {
    return MethodSpec.methodBuilder(names.none(contract))
        .addAnnotation(ClassNames.MULTIBINDS)
        .addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT)
        .returns(
            ParameterizedTypeName.get(
                ClassName.get(Map.class), ClassName.get(String.class), Identifiers.type(contract)))
        .build();
  }
}
