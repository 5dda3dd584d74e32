package dev.rr.processor.rpc;

import dev.rr.annotation.RpcMethod;
import dev.rr.processor.base.Annotations;
import dev.rr.processor.base.ClassNames;
import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import dev.rr.processor.rpc.RpcModel.Argument;
import dev.rr.processor.rpc.RpcModel.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/** Reads a plugin's RPC methods, and reports what is wrong with them. */
public final class RpcReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
  private static final String ARGUMENTS =
      "String, boolean, int, long, double, byte[], List<String>, Map<String, Object> and protobuf"
          + " messages";

  private final Diagnostics diagnostics;
  private final Lang lang;
  private final ResultTypes results;

  /** Reports to {@code diagnostics}. */
  public RpcReader(Diagnostics diagnostics, Lang lang) {
    this.diagnostics = diagnostics;
    this.lang = lang;
    this.results = new ResultTypes(lang);
  }

  /** The plugin's RPC methods; empty when it has none that are right. */
  public Optional<RpcModel> read(TypeElement plugin) {
    List<Method> methods = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (ExecutableElement method : Lang.methods(plugin)) {
      AnnotationMirror annotation = Annotations.find(method, RpcMethod.class);
      if (annotation != null) {
        checkName(method, annotation, names);
        read(method, annotation).ifPresent(methods::add);
      }
    }
    methods.sort(Comparator.comparing(Method::rpcName));
    return methods.isEmpty() ? Optional.empty() : Optional.of(new RpcModel(plugin, methods));
  }

  private void checkName(
      ExecutableElement method, AnnotationMirror annotation, Map<String, String> names) {
    String name = Annotations.text(annotation, "value", "");
    String java = method.getSimpleName() + "()";
    if (!NAME.matcher(name).matches()) {
      diagnostics.error(
          "RpcName",
          method,
          annotation,
          "value",
          java
              + "'s RPC name is \""
              + name
              + "\"; write letters and digits, such as \"AddWorker\"");
      return;
    }
    String other = names.putIfAbsent(name, java);
    if (other != null) {
      diagnostics.error(
          "RpcNameTwice",
          method,
          annotation,
          "value",
          other + " and " + java + " are both called \"" + name + "\"; rename one of them");
    }
  }

  private Optional<Method> read(ExecutableElement method, AnnotationMirror annotation) {
    if (!checkShape(method)) {
      return Optional.empty();
    }
    TypeMirror result = method.getReturnType();
    boolean answers = result.getKind() != TypeKind.VOID;
    if (answers && !Lang.isUnknown(result)) {
      checkResult(method, result);
    }
    Argument argument = null;
    TypeElement message = null;
    boolean takesCall = takesCall(method);
    if (method.getParameters().size() > (takesCall ? 1 : 0)) {
      VariableElement parameter = method.getParameters().get(0);
      argument = argument(parameter.asType());
      message = argument == Argument.MESSAGE ? Lang.element(parameter.asType()) : null;
      if (argument == null && !Lang.isUnknown(parameter.asType())) {
        badArgument(parameter);
      }
    }
    return Optional.of(
        new Method(
            Annotations.text(annotation, "value", ""),
            method.getSimpleName().toString(),
            argument,
            message,
            takesCall,
            answers ? result : null,
            Annotations.flag(annotation, "quick")));
  }

  private boolean checkShape(ExecutableElement method) {
    String java = "RPC method " + method.getSimpleName() + "()";
    if (method.getModifiers().contains(Modifier.PRIVATE)
        || method.getModifiers().contains(Modifier.STATIC)) {
      boolean hidden = method.getModifiers().contains(Modifier.PRIVATE);
      diagnostics.error(
          "RpcMethod",
          method,
          java
              + " is "
              + (hidden ? "private" : "static")
              + ", so it cannot be called on the"
              + " plugin; leave `"
              + (hidden ? "private" : "static")
              + "` out");
      return false;
    }
    if (!method.getTypeParameters().isEmpty()) {
      diagnostics.error(
          "RpcMethod", method, java + " has type parameters; write the types it really takes");
      return false;
    }
    int arguments = method.getParameters().size() - (takesCall(method) ? 1 : 0);
    if (arguments > 1) {
      diagnostics.error(
          "RpcMethod",
          method.getParameters().get(1),
          java
              + " has "
              + arguments
              + " parameters, but a call carries one argument; take a Map<String, Object> or a"
              + " protobuf message, and behind it an RpcCall if the method waits");
      return false;
    }
    return true;
  }

  private static boolean takesCall(ExecutableElement method) {
    List<? extends VariableElement> parameters = method.getParameters();
    return !parameters.isEmpty()
        && Lang.is(parameters.get(parameters.size() - 1).asType(), ClassNames.RPC_CALL);
  }

  private void checkResult(ExecutableElement method, TypeMirror result) {
    Optional<String> part = results.unsupported(result);
    if (part.isPresent()) {
      diagnostics.error(
          "RpcResult",
          method,
          "RPC method "
              + method.getSimpleName()
              + "() answers "
              + part.get()
              + ", which no codec writes; allowed are void, String, boolean, int, long, double,"
              + " byte[], records of these, List and Map<String, …> of these, and protobuf"
              + " messages");
    }
  }

  private void badArgument(VariableElement parameter) {
    diagnostics.error(
        "RpcArgument",
        parameter,
        "parameter "
            + parameter.getSimpleName()
            + " has the type "
            + Lang.show(parameter.asType())
            + ", which no codec reads; allowed are "
            + ARGUMENTS);
  }

  private @Nullable Argument argument(TypeMirror type) {
    return switch (type.getKind()) {
      case BOOLEAN -> Argument.BOOLEAN;
      case INT -> Argument.INT;
      case LONG -> Argument.LONG;
      case DOUBLE -> Argument.DOUBLE;
      case ARRAY ->
          ((ArrayType) type).getComponentType().getKind() == TypeKind.BYTE ? Argument.BYTES : null;
      case DECLARED -> declared(type);
      default -> null;
    };
  }

  private @Nullable Argument declared(TypeMirror type) {
    if (Lang.is(type, String.class)) {
      return Argument.STRING;
    }
    TypeMirror element = ResultTypes.element(type);
    if (ResultTypes.isList(type)) {
      return element != null && Lang.is(element, String.class) ? Argument.STRINGS : null;
    }
    if (ResultTypes.isMap(type)) {
      return element != null && Lang.is(element, Object.class) ? Argument.MAP : null;
    }
    return lang.isA(type, ResultTypes.MESSAGE) ? Argument.MESSAGE : null;
  }
}
