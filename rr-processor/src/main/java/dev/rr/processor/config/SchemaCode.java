package dev.rr.processor.config;

import com.palantir.javapoet.CodeBlock;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.config.ConfigModel.Component;
import dev.rr.processor.config.ConfigModel.Kind;
import java.util.List;

/** Writes {@code dev.rr.api.config.Schema.Field} of a component. */
final class SchemaCode {

  private SchemaCode() {}

  static CodeBlock field(Component component) {
    List<String> words = component.kind() == Kind.CHOICE ? Choices.of(component.part()) : List.of();
    return CodeBlock.of(
        "new $T($S, $T.$L, $S, $L, $L, $T.of($L), $S, $L$L)",
        ClassNames.SCHEMA_FIELD,
        component.key(),
        ClassNames.SCHEMA_TYPE,
        type(component.kind()),
        component.fallback(),
        component.traits().required(),
        component.traits().secret(),
        List.class,
        words.stream().map(w -> CodeBlock.of("$S", w)).collect(CodeBlock.joining(", ")),
        component.traits().doc(),
        nested(component),
        component.kind() == Kind.RECORD && component.optional() ? ", true" : "");
  }

  private static CodeBlock nested(Component component) {
    return switch (component.kind()) {
      case RECORD, RECORDS, RECORD_MAP ->
          CodeBlock.of("$T.INSTANCE.schema()", ConfigModel.binder(component.part()));
      default -> CodeBlock.of("null");
    };
  }

  private static String type(Kind kind) {
    return switch (kind) {
      case STRING -> "STRING";
      case BOOLEAN -> "BOOLEAN";
      case INT, LONG -> "INTEGER";
      case DOUBLE -> "NUMBER";
      case DURATION -> "DURATION";
      case CHOICE -> "CHOICE";
      case STRING_OR_LIST -> "STRING_OR_LIST";
      case STRINGS -> "STRINGS";
      case STRING_MAP -> "STRING_MAP";
      case RECORD -> "SECTION";
      case RECORDS -> "SECTIONS";
      case RECORD_MAP -> "SECTION_MAP";
      case SECTION, SECTION_LIST, SECTION_MAP -> "ANY";
    };
  }
}
