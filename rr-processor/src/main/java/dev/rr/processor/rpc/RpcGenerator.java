package dev.rr.processor.rpc;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.base.Lang;
import dev.rr.processor.base.Output;
import dev.rr.processor.rpc.RpcModel.Method;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.TypeMirror;

/** Writes the dispatch of a plugin's RPC methods. */
public final class RpcGenerator {
  private static final ParameterizedTypeName METHODS =
      ParameterizedTypeName.get(
          ClassName.get(Map.class), ClassName.get(String.class), ClassNames.RPC_HANDLER);

  private final RpcModel model;
  private final RecordMaps maps;

  private RpcGenerator(RpcModel model, Lang lang) {
    this.model = model;
    this.maps = new RecordMaps(new ResultTypes(lang));
  }

  /** The dispatch's source. */
  public static TypeSpec generate(RpcModel model, Lang lang) {
    return new RpcGenerator(model, lang).type();
  }

  static AnnotationSpec nullable() {
    return AnnotationSpec.builder(ClassNames.NULLABLE).build();
  }

  private TypeSpec type() {
    MethodSpec constructor = constructor();
    return TypeSpec.classBuilder(model.dispatch())
        .addJavadoc("The RPC methods of {@link $T}.", ClassName.get(model.plugin()))
        .addAnnotation(Output.GENERATED)
        .addModifiers(Modifier.FINAL)
        .addSuperinterface(ClassNames.RPC_SERVICE)
        .addOriginatingElement(model.plugin())
        .addField(METHODS, "methods", Modifier.PRIVATE, Modifier.FINAL)
        .addMethod(constructor)
        .addMethod(
            MethodSpec.methodBuilder("methods")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(METHODS)
                .addStatement("return methods")
                .build())
        .addMethods(maps.methods())
        .build();
  }

  private MethodSpec constructor() {
    MethodSpec.Builder out =
        MethodSpec.constructorBuilder()
            .addParameter(ClassName.get(model.plugin()), "plugin")
            .addStatement("$T methods = new $T<>()", METHODS, LinkedHashMap.class);
    for (Method method : model.methods()) {
      CodeBlock handler =
          method.takesCall()
              ? CodeBlock.of("$T.calling($L)", ClassNames.RPC_HANDLER, handler(method))
              : handler(method);
      CodeBlock marked =
          method.quick() ? CodeBlock.of("$T.quick($L)", ClassNames.RPC_HANDLER, handler) : handler;
      out.addStatement("methods.put($S, $L)", method.rpcName(), marked);
    }
    return out.addStatement("this.methods = $T.unmodifiableMap(methods)", Collections.class)
        .build();
  }

  private CodeBlock handler(Method method) {
    CodeBlock call = CodeBlock.of("plugin.$N($L)", method.name(), arguments(method));
    String parameters = method.takesCall() ? "(argument, call)" : "argument";
    TypeMirror result = method.result();
    if (result == null) {
      return CodeBlock.of("$L -> {\n$>$L;\nreturn false;\n$<}", parameters, call);
    }
    return CodeBlock.of("$L -> $L", parameters, maps.convert(result, call));
  }

  private static CodeBlock arguments(Method method) {
    CodeBlock argument = argument(method);
    if (!method.takesCall()) {
      return argument;
    }
    return argument.isEmpty() ? CodeBlock.of("call") : CodeBlock.of("$L, call", argument);
  }

  private static CodeBlock argument(Method method) {
    if (method.argument() == null) {
      return CodeBlock.of("");
    }
    if (method.message() == null) {
      return CodeBlock.of("argument.$L()", method.argument().reader());
    }
    TypeName message = ClassName.get(method.message());
    return CodeBlock.of("argument.message($T.getDefaultInstance())", message);
  }
}
