package dev.rr.processor.config;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.base.Lang;
import dev.rr.processor.base.Output;
import dev.rr.processor.config.ConfigModel.Component;
import dev.rr.processor.config.ConfigModel.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;

/**
 * Writes a record's binder: {@code PoolConfigBinder} for {@code PoolConfig}, and {@code
 * PoolConfig_SupervisorBinder} for a record nested in it. A binder is public when its record is.
 */
public final class BinderGenerator {

  private BinderGenerator() {}

  /** The binder's source. */
  public static TypeSpec generate(ConfigModel model) {
    ClassName name = ConfigModel.binder(model.type());
    ClassName record = ClassName.get(model.type());
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addJavadoc("Decodes {@link $T}.", record)
            .addAnnotation(Output.GENERATED)
            .addModifiers(Modifier.FINAL)
            .addSuperinterface(ParameterizedTypeName.get(ClassNames.BINDER, record))
            .addOriginatingElement(model.type())
            .addField(schemaField(model))
            .addField(
                FieldSpec.builder(name, "INSTANCE")
                    .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                    .addJavadoc("The binder, which has no state.")
                    .initializer("new $T()", name)
                    .build())
            .addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build())
            .addMethod(getter("key", ClassName.get(String.class), CodeBlock.of("$S", model.key())))
            .addMethod(getter("schema", ClassNames.SCHEMA, CodeBlock.of("SCHEMA")))
            .addMethod(bind(record))
            .addMethod(read(model, record));
    if (Lang.isPublic(model.type())) {
      type.addModifiers(Modifier.PUBLIC);
    }
    return type.build();
  }

  private static FieldSpec schemaField(ConfigModel model) {
    CodeBlock fields =
        model.components().stream()
            .map(c -> CodeBlock.of("\n$L", SchemaCode.field(c)))
            .collect(CodeBlock.joining(","));
    return FieldSpec.builder(ClassNames.SCHEMA, "SCHEMA")
        .addModifiers(Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
        .initializer("new $T($L, $T.of($L))", ClassNames.SCHEMA, place(model), List.class, fields)
        .build();
  }

  private static CodeBlock place(ConfigModel model) {
    return model.isDrivers()
        ? CodeBlock.of("$S, $S", model.key(), model.driver())
        : CodeBlock.of("$S", model.key());
  }

  private static MethodSpec getter(String name, TypeName type, CodeBlock value) {
    return MethodSpec.methodBuilder(name)
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(type)
        .addStatement("return $L", value)
        .build();
  }

  private static MethodSpec bind(ClassName record) {
    return MethodSpec.methodBuilder("bind")
        .addAnnotation(Override.class)
        .addModifiers(Modifier.PUBLIC)
        .returns(record)
        .addParameter(ClassNames.SECTION, "section")
        .addStatement("$T bound = read(section)", record)
        .beginControlFlow("if (bound == null)")
        .addStatement(
            "throw new $T(section.path() + $S)",
            IllegalArgumentException.class,
            " breaks a rule; the problem is recorded on the section")
        .endControlFlow()
        .addStatement("return bound")
        .build();
  }

  private static MethodSpec read(ConfigModel model, ClassName record) {
    NameAllocator names = names(model);
    MethodSpec.Builder method =
        MethodSpec.methodBuilder("read")
            .addJavadoc(
                "As {@link #bind}, but null when the record, or one in it, broke a rule of its"
                    + " own.")
            .addModifiers(Modifier.PUBLIC)
            .returns(record.annotated(AnnotationSpec.builder(ClassNames.NULLABLE).build()))
            .addParameter(ClassNames.SECTION, "section");
    method.addStatement("int before = section.problemCount()");
    if (model.components().stream().anyMatch(BinderGenerator::canFail)) {
      method.addStatement("boolean whole = true");
    }
    for (Component component : model.components()) {
      if (component.traits().required()) {
        method
            .beginControlFlow("if (!section.has($S))", component.key())
            .addStatement("section.missing($S, $S)", component.key(), ReadCode.expected(component))
            .endControlFlow();
      }
      method.addCode(ReadCode.statement(component, names.get(component.name())));
    }
    return finish(method, model, record, names).build();
  }

  private static boolean canFail(Component component) {
    return component.kind() == Kind.RECORD
        || component.kind() == Kind.RECORDS
        || component.kind() == Kind.RECORD_MAP;
  }

  private static NameAllocator names(ConfigModel model) {
    NameAllocator names = new NameAllocator();
    for (String own : List.of("section", "before", "whole", "each", "part", "broken", "bound")) {
      names.newName(own);
    }
    model.components().forEach(c -> names.newName(c.name(), c.name()));
    return names;
  }

  private static MethodSpec.Builder finish(
      MethodSpec.Builder method, ConfigModel model, ClassName record, NameAllocator names) {
    // A missing part makes the record wrong; its own problem is recorded already.
    List<String> checks = new ArrayList<>();
    Map<String, Component> parts = new LinkedHashMap<>();
    for (Component component : model.components()) {
      if (component.kind() == Kind.RECORD && !component.optional()) {
        checks.add(names.get(component.name()) + " == null");
        parts.put(component.name(), component);
      }
    }
    if (model.components().stream().anyMatch(BinderGenerator::canFail)) {
      checks.add(0, "!whole");
      method
          .beginControlFlow("if ($L)", String.join(" || ", checks))
          .addStatement("return null")
          .endControlFlow();
    }
    String arguments =
        model.components().stream().map(c -> names.get(c.name())).collect(Collectors.joining(", "));
    return method
        .beginControlFlow("try")
        .addCode(made(model, record, arguments))
        .nextControlFlow("catch ($T broken)", IllegalArgumentException.class)
        // A fallback that stands in for a wrong value may break a rule: that tells nobody anything.
        .beginControlFlow("if (section.problemCount() == before)")
        .addStatement("section.problem(null, $T.valueOf(broken.getMessage()))", String.class)
        .endControlFlow()
        .addStatement("return null")
        .endControlFlow();
  }

  private static CodeBlock made(ConfigModel model, ClassName record, String arguments) {
    if (!model.isChecked()) {
      return CodeBlock.builder().addStatement("return new $T($L)", record, arguments).build();
    }
    return CodeBlock.builder()
        .addStatement("$T bound = new $T($L)", record, record, arguments)
        .addStatement("bound.check(section.rules())")
        .addStatement("return bound")
        .build();
  }

  static TypeName optionalOf(TypeName type) {
    return ParameterizedTypeName.get(ClassName.get(Optional.class), type.box());
  }

  static AnnotationSpec nullable() {
    return AnnotationSpec.builder(ClassNames.NULLABLE).build();
  }
}
