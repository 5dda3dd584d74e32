package dev.rr.processor.config;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.config.ConfigModel.Component;
import dev.rr.processor.config.ConfigModel.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the statements that read a component from {@code section}. */
final class ReadCode {

  private ReadCode() {}

  /** Reads the component into the local variable {@code name}. */
  static CodeBlock statement(Component component, String name) {
    return switch (component.kind()) {
      case RECORD ->
          component.optional() ? optionalRecord(component, name) : record(component, name);
      case RECORDS -> records(component, name);
      case RECORD_MAP -> recordMap(component, name);
      default -> value(component, name);
    };
  }

  private static CodeBlock value(Component component, String name) {
    CodeBlock read = expression(component);
    TypeName type = TypeName.get(component.type()).withoutAnnotations();
    if (component.optional()) {
      read =
          CodeBlock.of(
              "section.has($S) ? $T.of($L) : $T.empty()",
              component.key(),
              Optional.class,
              read,
              Optional.class);
    }
    return CodeBlock.builder().addStatement("$T $N = $L", type, name, read).build();
  }

  private static CodeBlock expression(Component component) {
    String key = component.key();
    String fallback = component.fallback();
    return switch (component.kind()) {
      case STRING -> CodeBlock.of("section.string($S, $S)", key, fallback);
      case BOOLEAN -> CodeBlock.of("section.bool($S, $L)", key, fallback.equals("true"));
      case INT -> CodeBlock.of("(int) $L", whole(component));
      case LONG -> whole(component);
      case DOUBLE ->
          CodeBlock.of("section.decimal($S, $L)", key, Literals.decimal(fallback).orElse(0.0));
      case DURATION -> CodeBlock.of("section.duration($S, $L)", key, duration(fallback));
      case CHOICE -> choice(component);
      case STRING_OR_LIST ->
          fallback.isEmpty()
              ? CodeBlock.of("section.stringOrList($S, $T.EMPTY)", key, ClassNames.STRING_OR_LIST)
              : CodeBlock.of(
                  "section.stringOrList($S, $T.of($S))", key, ClassNames.STRING_OR_LIST, fallback);
      case STRINGS ->
          CodeBlock.of("section.strings($S, $T.of($L))", key, List.class, texts(fallback));
      case STRING_MAP -> CodeBlock.of("section.map($S)", key);
      case SECTION -> CodeBlock.of("section.section($S)", key);
      case SECTION_LIST -> CodeBlock.of("section.sections($S)", key);
      case SECTION_MAP -> CodeBlock.of("section.sectionMap($S)", component.sectionKey());
      case RECORD, RECORDS, RECORD_MAP -> throw new IllegalArgumentException(key);
    };
  }

  private static CodeBlock whole(Component component) {
    return CodeBlock.of(
        "section.integer($S, $L, $L, $L)",
        component.key(),
        number(Literals.whole(component.fallback()).orElse(0L)),
        number(component.bounds().min()),
        number(component.bounds().max()));
  }

  private static CodeBlock number(long number) {
    if (number == Long.MIN_VALUE || number == Long.MAX_VALUE) {
      return CodeBlock.of("$T.$L", Long.class, number > 0 ? "MAX_VALUE" : "MIN_VALUE");
    }
    if (number == Integer.MIN_VALUE || number == Integer.MAX_VALUE) {
      return CodeBlock.of("$T.$L", Integer.class, number > 0 ? "MAX_VALUE" : "MIN_VALUE");
    }
    boolean small = number == (int) number;
    return CodeBlock.of(small ? "$L" : "$LL", number);
  }

  private static CodeBlock duration(String fallback) {
    Duration value = GoDurations.parse(fallback).orElse(Duration.ZERO);
    if (value.isZero()) {
      return CodeBlock.of("$T.ZERO", Duration.class);
    }
    if (value.getNano() == 0) {
      return CodeBlock.of("$T.ofSeconds($L)", Duration.class, value.getSeconds());
    }
    return value.getNano() % 1_000_000 == 0
        ? CodeBlock.of("$T.ofMillis($L)", Duration.class, value.toMillis())
        : CodeBlock.of("$T.ofNanos($LL)", Duration.class, value.toNanos());
  }

  private static CodeBlock choice(Component component) {
    ClassName type = ClassName.get(component.part());
    // A key that is required or optional is never read as its fallback.
    String constant =
        component.fallback().isEmpty()
            ? Choices.constants(component.part()).get(0)
            : Choices.constant(component.part(), component.fallback());
    return CodeBlock.of(
        "section.choice($S, $T.class, $T.$L)", component.key(), type, type, constant);
  }

  private static CodeBlock texts(String fallback) {
    return Literals.list(fallback).stream()
        .map(text -> CodeBlock.of("$S", text))
        .collect(CodeBlock.joining(", "));
  }

  private static CodeBlock record(Component component, String name) {
    return CodeBlock.builder()
        .addStatement(
            "$T $N = $T.INSTANCE.read(section.section($S))",
            ClassName.get(component.part()),
            name,
            ConfigModel.binder(component.part()),
            component.key())
        .build();
  }

  private static CodeBlock optionalRecord(Component component, String name) {
    ClassName part = ClassName.get(component.part());
    return CodeBlock.builder()
        .addStatement("$T $N = $T.empty()", BinderGenerator.optionalOf(part), name, Optional.class)
        .beginControlFlow("if (section.has($S))", component.key())
        .addStatement(
            "$N = $T.ofNullable($T.INSTANCE.read(section.section($S)))",
            name,
            Optional.class,
            ConfigModel.binder(component.part()),
            component.key())
        .addStatement("whole &= $N.isPresent()", name)
        .endControlFlow()
        .build();
  }

  private static CodeBlock records(Component component, String name) {
    ClassName part = ClassName.get(component.part());
    return CodeBlock.builder()
        .addStatement(
            "$T $N = new $T<>()",
            ParameterizedTypeName.get(ClassName.get(List.class), part),
            name,
            ArrayList.class)
        .beginControlFlow(
            "for ($T each : section.sections($S))", ClassNames.SECTION, component.key())
        .addStatement(
            "$T part = $T.INSTANCE.read(each)", part, ConfigModel.binder(component.part()))
        .beginControlFlow("if (part == null)")
        .addStatement("whole = false")
        .nextControlFlow("else")
        .addStatement("$N.add(part)", name)
        .endControlFlow()
        .endControlFlow()
        .build();
  }

  private static CodeBlock recordMap(Component component, String name) {
    ClassName part = ClassName.get(component.part());
    ClassName text = ClassName.get(String.class);
    return CodeBlock.builder()
        .addStatement(
            "$T $N = new $T<>()",
            ParameterizedTypeName.get(ClassName.get(Map.class), text, part),
            name,
            LinkedHashMap.class)
        .beginControlFlow(
            "for ($T each : section.sectionMap($S).entrySet())",
            ParameterizedTypeName.get(ClassName.get(Map.Entry.class), text, ClassNames.SECTION),
            component.sectionKey())
        .addStatement(
            "$T part = $T.INSTANCE.read(each.getValue())",
            part,
            ConfigModel.binder(component.part()))
        .beginControlFlow("if (part == null)")
        .addStatement("whole = false")
        .nextControlFlow("else")
        .addStatement("$N.put(each.getKey(), part)", name)
        .endControlFlow()
        .endControlFlow()
        .build();
  }

  /** What has to be written for a key, in words. */
  static String expected(Component component) {
    Kind kind = component.kind();
    return switch (kind) {
      case STRING -> "text";
      case BOOLEAN -> "true or false";
      case INT, LONG ->
          component.bounds().equals(ConfigModel.Bounds.NONE)
              ? "a whole number"
              : "a whole number, " + component.bounds();
      case DOUBLE -> "a number";
      case DURATION -> "a duration such as 60s";
      case CHOICE -> "one of " + String.join(", ", Choices.of(component.part()));
      case STRING_OR_LIST -> "text or a list of texts";
      case STRINGS -> "a list of texts";
      case STRING_MAP -> "a map of texts";
      case RECORD, SECTION -> "a section";
      case RECORDS, SECTION_LIST -> "a list of sections";
      case RECORD_MAP, SECTION_MAP -> "a map of sections";
    };
  }
}
