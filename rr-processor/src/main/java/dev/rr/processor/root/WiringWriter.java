package dev.rr.processor.root;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.descriptor.Descriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** Writes {@code RrWiring}: the calls of all collecting methods, and access by id. */
final class WiringWriter {
  private final Graph graph;
  private final Identifiers names;
  private final List<SelectedPlugin> order;

  private WiringWriter(Graph graph, Identifiers names) {
    this.graph = graph;
    this.names = names;
    this.order = graph.order();
  }

  static TypeSpec write(Root root, Identifiers names) {
    return new WiringWriter(root.graph(), names).type();
  }

  private TypeSpec type() {
    TypeSpec.Builder type =
        TypeSpec.classBuilder(Root.WIRING)
            .addJavadoc("The object graph as the kernel uses it.\n")
            .addModifiers(Modifier.FINAL)
            .addSuperinterface(ClassNames.WIRING)
            .addField(Root.COMPONENT, "component", Modifier.PRIVATE, Modifier.FINAL)
            .addField(ClassNames.LIVENESS, "live", Modifier.PRIVATE, Modifier.FINAL)
            .addField(
                Identifiers.offersOf(ClassName.OBJECT), "plugins", Modifier.PRIVATE, Modifier.FINAL)
            .addMethod(constructor())
            .addMethod(plugin())
            .addMethod(collect())
            .addMethod(firstLive("configurer", Identifiers.CONFIGURER))
            .addMethod(firstLive("loggers", Identifiers.LOGGERS))
            .addMethod(schemas());
    if (!graph.offers(Identifiers.CLI_COMMAND).isEmpty()) {
      type.addMethod(command());
    }
    collecting().forEach(m -> type.addMethod(collectFor(m)));
    return type.build();
  }

  private List<SelectedPlugin> collecting() {
    return graph.members().stream().filter(m -> !m.descriptor().collects().isEmpty()).toList();
  }

  private static MethodSpec constructor() {
    return MethodSpec.constructorBuilder()
        .addParameter(ClassNames.HOST, "host")
        .addParameter(ClassNames.LIVENESS, "live")
        .addStatement(
            "this.component = $T.factory().create(host, live)",
            ClassName.get(Root.PACKAGE, "DaggerRrComponent"))
        .addStatement("this.live = live")
        .addStatement("this.plugins = component.plugins()")
        .build();
  }

  private static MethodSpec plugin() {
    return override("plugin")
        .addParameter(String.class, "id")
        .returns(ClassName.OBJECT)
        .addStatement("return plugins.get(id).get()")
        .build();
  }

  private MethodSpec collect() {
    MethodSpec.Builder method = override("collect").addParameter(String.class, "id");
    List<SelectedPlugin> collecting = collecting();
    if (collecting.isEmpty()) {
      return method.build();
    }
    method.beginControlFlow("switch (id)");
    for (SelectedPlugin member : collecting) {
      method.addCode("case $S -> $L();\n", member.id(), names.collect(member.id()));
    }
    return method.addCode("default -> {}\n").endControlFlow().build();
  }

  private MethodSpec collectFor(SelectedPlugin member) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(names.collect(member.id())).addModifiers(Modifier.PRIVATE);
    for (Descriptor.Collect collect : member.descriptor().collects()) {
      Set<String> contracts = Graph.contracts(collect);
      for (SelectedPlugin offering : graph.offeringAll(member, contracts)) {
        method.beginControlFlow("if (live.isLive($S))", offering.id());
        for (List<CodeBlock> arguments : arguments(offering, collect)) {
          method.addStatement(
              "$T.$L(plugin($S), $L)",
              Identifiers.module(member.descriptor()),
              collect.method(),
              member.id(),
              CodeBlock.join(arguments, ", "));
        }
        method.endControlFlow();
      }
    }
    return method.build();
  }

  /**
   * One list of arguments for each way to choose an offer of every contract; most often there is
   * one.
   */
  private List<List<CodeBlock>> arguments(SelectedPlugin offering, Descriptor.Collect collect) {
    List<Map<String, Graph.Offering>> choices = List.of(Map.of());
    for (String contract : Graph.contracts(collect)) {
      List<Map<String, Graph.Offering>> longer = new ArrayList<>();
      for (Map<String, Graph.Offering> choice : choices) {
        for (Graph.Offering offer : offersOf(offering, contract)) {
          Map<String, Graph.Offering> more = new LinkedHashMap<>(choice);
          more.put(contract, offer);
          longer.add(more);
        }
      }
      choices = longer;
    }
    return choices.stream()
        .map(choice -> collect.parameters().stream().map(p -> argument(p, choice)).toList())
        .toList();
  }

  private List<Graph.Offering> offersOf(SelectedPlugin offering, String contract) {
    return graph.offers(contract).stream()
        .filter(o -> o.member().id().equals(offering.id()))
        .toList();
  }

  private CodeBlock argument(String parameter, Map<String, Graph.Offering> choice) {
    Graph.Offering offer = choice.get(parameter);
    return offer == null ? named(choice.values().iterator().next()) : offer(parameter, offer);
  }

  private static CodeBlock named(Graph.Offering first) {
    return CodeBlock.of(
        "new $T($S, $L, $S)",
        ClassNames.NAMED,
        first.member().id(),
        first.member().descriptor().weight(),
        first.name());
  }

  private CodeBlock offer(String contract, Graph.Offering offer) {
    return CodeBlock.of("component.$L().get($S).get()", names.offers(contract), offer.key());
  }

  private MethodSpec firstLive(String name, String contract) {
    MethodSpec.Builder method =
        override(name).returns(Identifiers.optionalOf(Identifiers.type(contract)));
    for (Graph.Offering offer : graph.firstOffers(contract)) {
      method
          .beginControlFlow("if (live.isLive($S))", offer.member().id())
          .addStatement("return $T.of($L)", Optional.class, offer(contract, offer))
          .endControlFlow();
    }
    return method.addStatement("return $T.empty()", Optional.class).build();
  }

  private MethodSpec command() {
    MethodSpec.Builder method =
        override("command")
            .addParameter(String.class, "name")
            .returns(Identifiers.optionalOf(Identifiers.type(Identifiers.CLI_COMMAND)));
    for (Graph.Offering offer : graph.offers(Identifiers.CLI_COMMAND)) {
      method
          .beginControlFlow(
              "if (name.equals($S) && live.isLive($S))", offer.name(), offer.member().id())
          .addStatement("return $T.of($L)", Optional.class, offer(Identifiers.CLI_COMMAND, offer))
          .endControlFlow();
    }
    return method.addStatement("return $T.empty()", Optional.class).build();
  }

  private MethodSpec schemas() {
    TypeName list = ParameterizedTypeName.get(ClassName.get(List.class), ClassNames.SCHEMA);
    MethodSpec.Builder method =
        override("schemas")
            .returns(list)
            .addStatement("$T all = new $T<>()", list, ArrayList.class);
    order.stream()
        .filter(m -> !m.descriptor().sections().isEmpty())
        .forEach(m ->
            method.addStatement("all.addAll($T.schemas())", Identifiers.module(m.descriptor())));
    return method.addStatement("return all").build();
  }

  private static MethodSpec.Builder override(String name) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC);
  }
}
