package dev.rr.processor.root;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;

/** Writes {@code RrComponent}: every plugin's module, and lazy access to plugins and offers. */
final class ComponentWriter {
  private static final ClassName COMPONENT = ClassName.get("dagger", "Component");
  private static final ClassName BINDS_INSTANCE = ClassName.get("dagger", "BindsInstance");

  private ComponentWriter() {}

  static TypeSpec write(Root root, Names names) {
    AnnotationSpec.Builder component = AnnotationSpec.builder(COMPONENT);
    Set<ClassName> modules = new TreeSet<>();
    root.graph().members().forEach(m -> modules.add(Names.module(m.descriptor())));
    modules.forEach(m -> component.addMember("modules", "$T.class", m));
    component.addMember("modules", "$T.class", Root.SELECTION);
    TypeSpec.Builder type =
        TypeSpec.interfaceBuilder(Root.COMPONENT)
            .addJavadoc("The object graph of one run.\n")
            .addAnnotation(ClassName.get("jakarta.inject", "Singleton"))
            .addAnnotation(component.build())
            .addMethod(access("plugins", ClassName.OBJECT));
    contracts(root.graph()).forEach(c -> type.addMethod(access(names.offers(c), Names.type(c))));
    return type.addType(factory()).build();
  }

  /**
   * Contracts whose offers the wiring asks for: what is collected, and what the kernel itself uses.
   */
  static Set<String> contracts(Graph graph) {
    Set<String> contracts = new TreeSet<>(Set.of(Names.CONFIGURER, Names.LOGGERS));
    if (!graph.offers(Names.CLI_COMMAND).isEmpty()) {
      contracts.add(Names.CLI_COMMAND);
    }
    graph
        .members()
        .forEach(m -> m.descriptor().collects().forEach(c -> contracts.addAll(Graph.contracts(c))));
    return contracts;
  }

  private static MethodSpec access(String name, TypeName type) {
    return MethodSpec.methodBuilder(name)
        .addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT)
        .returns(Names.offersOf(type))
        .build();
  }

  private static TypeSpec factory() {
    return TypeSpec.interfaceBuilder("Factory")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addAnnotation(COMPONENT.nestedClass("Factory"))
        .addMethod(
            MethodSpec.methodBuilder("create")
                .addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT)
                .addParameter(given(Names.HOST, "host"))
                .addParameter(given(Names.LIVENESS, "live"))
                .returns(Root.COMPONENT)
                .build())
        .build();
  }

  private static ParameterSpec given(ClassName type, String name) {
    return ParameterSpec.builder(type, name).addAnnotation(BINDS_INSTANCE).build();
  }
}
