package dev.rr.processor.rpc;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeVariableName;
import com.palantir.javapoet.WildcardTypeName;
import dev.rr.annotation.Key;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.Lang;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;

/**
 * Writes the methods that turn records into maps. A key is the component's name as it stands,
 * unless {@link Key} says another.
 */
final class RecordMaps {
  private static final ParameterizedTypeName MAP =
      ParameterizedTypeName.get(
          ClassName.get(Map.class),
          ClassName.get(String.class),
          ClassName.OBJECT.annotated(RpcGenerator.nullable()));
  private static final TypeVariableName ANY = TypeVariableName.get("T");

  private final ResultTypes types;
  private final Map<TypeElement, String> names = new LinkedHashMap<>();
  private final List<MethodSpec> records = new ArrayList<>();
  private boolean lists;
  private boolean textMaps;

  RecordMaps(ResultTypes types) {
    this.types = types;
  }

  /** Turns a value into what a codec writes. */
  CodeBlock convert(TypeMirror type, CodeBlock value) {
    return convert(type, value, "each");
  }

  private CodeBlock convert(TypeMirror type, CodeBlock value, String each) {
    if (!types.holdsRecord(type)) {
      return value;
    }
    TypeMirror element = ResultTypes.element(type);
    if (ResultTypes.isList(type) && element != null) {
      lists = true;
      return CodeBlock.of("list($L, $L -> $L)", value, each, inner(element, each));
    }
    if (ResultTypes.isMap(type) && element != null) {
      textMaps = true;
      return CodeBlock.of("mapped($L, $L -> $L)", value, each, inner(element, each));
    }
    return CodeBlock.of("$L($L)", record(type), value);
  }

  private CodeBlock inner(TypeMirror element, String each) {
    return convert(element, CodeBlock.of("$L", each), each + "Inner");
  }

  private String record(TypeMirror type) {
    TypeElement element = Lang.element(type);
    if (element == null) {
      throw new IllegalArgumentException(type.toString());
    }
    String known = names.get(element);
    if (known != null) {
      return known;
    }
    String name = "of" + Lang.flatName(element);
    while (names.containsValue(name)) {
      name += "_";
    }
    names.put(element, name);
    records.add(method(element, name));
    return name;
  }

  private MethodSpec method(TypeElement record, String name) {
    MethodSpec.Builder out =
        MethodSpec.methodBuilder(name)
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .returns(MAP.annotated(RpcGenerator.nullable()))
            .addParameter(ClassName.get(record).annotated(RpcGenerator.nullable()), "value")
            .beginControlFlow("if (value == null)")
            .addStatement("return null")
            .endControlFlow()
            .addStatement("$T out = new $T<>()", MAP, LinkedHashMap.class);
    for (RecordComponentElement component : record.getRecordComponents()) {
      CodeBlock value = CodeBlock.of("value.$N()", component.getSimpleName().toString());
      out.addStatement("out.put($S, $L)", key(component), convert(component.asType(), value));
    }
    return out.addStatement("return out").build();
  }

  private static String key(RecordComponentElement component) {
    String name = component.getSimpleName().toString();
    AnnotationMirror key = Annotations.find(component, Key.class);
    String other = key == null ? "" : Annotations.text(key, "name", "");
    return other.isEmpty() ? name : other;
  }

  /** The methods that converted values call. */
  List<MethodSpec> methods() {
    List<MethodSpec> out = new ArrayList<>(records);
    if (lists) {
      out.add(list());
    }
    if (textMaps) {
      out.add(mapped());
    }
    return out;
  }

  private static MethodSpec list() {
    TypeName nullableObject = ClassName.OBJECT.annotated(RpcGenerator.nullable());
    ParameterizedTypeName result =
        ParameterizedTypeName.get(ClassName.get(List.class), nullableObject);
    ParameterizedTypeName values =
        ParameterizedTypeName.get(ClassName.get(List.class), WildcardTypeName.subtypeOf(ANY));
    return helper("list", result, values)
        .addStatement("$T out = new $T<>(values.size())", result, ArrayList.class)
        .addStatement("values.forEach(value -> out.add(each.apply(value)))")
        .addStatement("return out")
        .build();
  }

  private static MethodSpec mapped() {
    ParameterizedTypeName values =
        ParameterizedTypeName.get(
            ClassName.get(Map.class), ClassName.get(String.class), WildcardTypeName.subtypeOf(ANY));
    return helper("mapped", MAP, values)
        .addStatement("$T out = new $T<>()", MAP, LinkedHashMap.class)
        .addStatement("values.forEach((key, value) -> out.put(key, each.apply(value)))")
        .addStatement("return out")
        .build();
  }

  private static MethodSpec.Builder helper(
      String name, ParameterizedTypeName result, ParameterizedTypeName values) {
    return MethodSpec.methodBuilder(name)
        .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
        .addTypeVariable(ANY)
        .returns(result.annotated(RpcGenerator.nullable()))
        .addParameter(values.annotated(RpcGenerator.nullable()), "values")
        .addParameter(
            ParameterizedTypeName.get(
                ClassName.get(Function.class),
                ANY,
                ClassName.OBJECT.annotated(RpcGenerator.nullable())),
            "each")
        .beginControlFlow("if (values == null)")
        .addStatement("return null")
        .endControlFlow();
  }
}
