package dev.rr.processor.root;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.rr.processor.base.ClassNames;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;

/** Writes {@code RrComponent}: every plugin's module, and lazy access to plugins and offers. */
final class ComponentWriter {

  private ComponentWriter() {}

  static TypeSpec write(Root root, Identifiers names) {
    AnnotationSpec.Builder component = AnnotationSpec.builder(ClassNames.COMPONENT);
    Set<ClassName> modules = new TreeSet<>();
    root.graph().members().forEach(m -> modules.add(Identifiers.module(m.descriptor())));
    modules.forEach(m -> component.addMember("modules", "$T.class", m));
    component.addMember("modules", "$T.class", Root.SELECTION);
    TypeSpec.Builder type =
        TypeSpec.interfaceBuilder(Root.COMPONENT)
            .addJavadoc("The object graph of one run.\n")
            .addAnnotation(ClassNames.SINGLETON)
            .addAnnotation(component.build())
            .addMethod(access("plugins", ClassName.OBJECT));
    contracts(root.graph())
        .forEach(c -> type.addMethod(access(names.offers(c), Identifiers.type(c))));
    return type.addType(factory()).build();
  }

  /**
   * Contracts whose offers the wiring asks for: what is collected, and what the kernel itself uses.
   */
  static Set<String> contracts(Graph graph) {
    Set<String> contracts = new TreeSet<>(Set.of(Identifiers.CONFIGURER, Identifiers.LOGGERS));
    if (!graph.offers(Identifiers.CLI_COMMAND).isEmpty()) {
      contracts.add(Identifiers.CLI_COMMAND);
    }
    graph
        .members()
        .forEach(m -> m.descriptor().collects().forEach(c -> contracts.addAll(Graph.contracts(c))));
    return contracts;
  }

  private static MethodSpec access(String name, TypeName type) {
    return MethodSpec.methodBuilder(name)
        .addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT)
        .returns(Identifiers.offersOf(type))
        .build();
  }

  private static TypeSpec factory() {
    return TypeSpec.interfaceBuilder("Factory")
        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
        .addAnnotation(ClassNames.COMPONENT.nestedClass("Factory"))
        .addMethod(
            MethodSpec.methodBuilder("create")
                .addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT)
                .addParameter(given(ClassNames.HOST, "host"))
                .addParameter(given(ClassNames.LIVENESS, "live"))
                .returns(Root.COMPONENT)
                .build())
        .build();
  }

  private static ParameterSpec given(ClassName type, String name) {
    return ParameterSpec.builder(type, name).addAnnotation(ClassNames.BINDS_INSTANCE).build();
  }
}
