package dev.rr.processor.base;

import com.palantir.javapoet.ClassName;
import dev.rr.annotation.Contract;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/** Questions about the code that is compiled. */
public final class Lang {
  private final Elements elements;
  private final Types types;

  /** Asks the compiler at hand. */
  public Lang(ProcessingEnvironment environment) {
    this.elements = environment.getElementUtils();
    this.types = environment.getTypeUtils();
  }

  /** The class or interface that {@code type} is made of, or null for primitives and arrays. */
  public static @Nullable TypeElement element(TypeMirror type) {
    return type.getKind() == TypeKind.DECLARED
        ? (TypeElement) ((DeclaredType) type).asElement()
        : null;
  }

  /** Whether {@code type} is this class, whatever its type arguments. */
  public static boolean is(TypeMirror type, String qualifiedName) {
    TypeElement element = element(type);
    return element != null && element.getQualifiedName().contentEquals(qualifiedName);
  }

  /** Whether {@code type} is this class, whatever its type arguments. */
  public static boolean is(TypeMirror type, ClassName wanted) {
    return is(type, wanted.canonicalName());
  }

  /** Whether {@code type} is this class, whatever its type arguments. */
  public static boolean is(TypeMirror type, Class<?> wanted) {
    return is(type, wanted.getCanonicalName());
  }

  /** The type argument at {@code index}; null for a raw type. */
  public static @Nullable TypeMirror argument(TypeMirror type, int index) {
    if (type.getKind() != TypeKind.DECLARED) {
      return null;
    }
    List<? extends TypeMirror> arguments = ((DeclaredType) type).getTypeArguments();
    return index < arguments.size() ? arguments.get(index) : null;
  }

  /** Whether {@code type} is an interface marked as a contract. */
  public static boolean isContract(TypeMirror type) {
    TypeElement element = element(type);
    return element != null
        && element.getKind() == ElementKind.INTERFACE
        && Annotations.has(element, Contract.class);
  }

  /** Whether a part of {@code type} does not exist; javac tells that by itself. */
  public static boolean isUnknown(TypeMirror type) {
    if (type.getKind() == TypeKind.ERROR) {
      return true;
    }
    if (type instanceof ArrayType array) {
      return isUnknown(array.getComponentType());
    }
    return type instanceof DeclaredType declared
        && declared.getTypeArguments().stream().anyMatch(Lang::isUnknown);
  }

  /** {@code List<Middleware>}: the type as one writes it, without packages and annotations. */
  public static String show(TypeMirror type) {
    if (type instanceof ArrayType array) {
      return show(array.getComponentType()) + "[]";
    }
    TypeElement element = element(type);
    if (element == null) {
      return type.getKind().isPrimitive()
          ? type.getKind().name().toLowerCase(Locale.ROOT)
          : type.toString();
    }
    List<String> arguments =
        ((DeclaredType) type).getTypeArguments().stream().map(Lang::show).toList();
    return element.getSimpleName()
        + (arguments.isEmpty() ? "" : "<" + String.join(", ", arguments) + ">");
  }

  /** The qualified name of the class that {@code type} is made of. */
  public static String qualified(TypeMirror type) {
    TypeElement element = element(type);
    return element == null ? type.toString() : element.getQualifiedName().toString();
  }

  /** Every contract that {@code type} implements, also through other types; sorted by name. */
  public List<TypeElement> contracts(TypeElement type) {
    TreeMap<String, TypeElement> found = new TreeMap<>();
    collectContracts(type.asType(), found);
    return List.copyOf(found.values());
  }

  private void collectContracts(TypeMirror type, Map<String, TypeElement> found) {
    for (TypeMirror parent : types.directSupertypes(type)) {
      TypeElement element = element(parent);
      if (element != null) {
        if (isContract(parent)) {
          found.put(element.getQualifiedName().toString(), element);
        }
        collectContracts(parent, found);
      }
    }
  }

  /** The class or interface of this qualified name, or null when there is none. */
  public @Nullable TypeElement find(String qualifiedName) {
    return elements.getTypeElement(qualifiedName);
  }

  /**
   * What other classes are linked with of an interface: its methods and constants, those it
   * inherits among them, with erased types; sorted. Methods without a body begin with {@code
   * abstract}.
   */
  public List<String> members(TypeElement type) {
    TreeSet<String> members = new TreeSet<>();
    for (Element member : elements.getAllMembers(type)) {
      boolean hidden =
          member.getModifiers().contains(Modifier.PRIVATE)
              || isObject(member.getEnclosingElement());
      if (!hidden && member instanceof ExecutableElement method) {
        String start = method.getModifiers().contains(Modifier.ABSTRACT) ? "abstract " : "";
        String parameters =
            method.getParameters().stream()
                .map(p -> erased(p.asType()))
                .collect(Collectors.joining(", "));
        String result = erased(method.getReturnType());
        members.add(start + result + " " + method.getSimpleName() + "(" + parameters + ")");
      } else if (!hidden && member.getKind() == ElementKind.FIELD) {
        members.add(erased(member.asType()) + " " + member.getSimpleName());
      }
    }
    return List.copyOf(members);
  }

  private static boolean isObject(@Nullable Element element) {
    return element instanceof TypeElement type
        && type.getQualifiedName().contentEquals("java.lang.Object");
  }

  /** As a class file names it, but for arrays, which end in brackets. */
  private String erased(TypeMirror type) {
    TypeMirror erased = types.erasure(type);
    if (erased instanceof ArrayType array) {
      return erased(array.getComponentType()) + "[]";
    }
    TypeElement element = element(erased);
    return element == null
        ? erased.getKind().name().toLowerCase(Locale.ROOT)
        : elements.getBinaryName(element).toString();
  }

  /** Whether {@code type} is a class that extends or implements the named one. */
  public boolean isA(TypeMirror type, String qualifiedName) {
    TypeElement wanted = elements.getTypeElement(qualifiedName);
    return wanted != null
        && type.getKind() == TypeKind.DECLARED
        && types.isSubtype(types.erasure(type), types.erasure(wanted.asType()));
  }

  /** The first checked exception that a method or constructor declares. */
  public Optional<String> checked(ExecutableElement method) {
    return method.getThrownTypes().stream()
        .filter(t -> !isA(t, "java.lang.RuntimeException") && !isA(t, "java.lang.Error"))
        .map(Lang::show)
        .findFirst();
  }

  /** The methods that {@code type} itself declares, in the source's order. */
  public static List<ExecutableElement> methods(TypeElement type) {
    return ElementFilter.methodsIn(type.getEnclosedElements());
  }

  /** The package of {@code element}. */
  public PackageElement packageOf(Element element) {
    return elements.getPackageOf(element);
  }

  /** Whether other packages can name {@code type}: it and all that encloses it is public. */
  public static boolean isPublic(TypeElement type) {
    Element outer = type.getEnclosingElement();
    if (!(outer instanceof TypeElement enclosing)) {
      return type.getModifiers().contains(Modifier.PUBLIC);
    }
    boolean implied = enclosing.getKind().isInterface();
    return (implied || type.getModifiers().contains(Modifier.PUBLIC)) && isPublic(enclosing);
  }

  /** Whether {@code type} or what encloses it is private or local: nobody can name it. */
  public static boolean isHidden(TypeElement type) {
    return switch (type.getNestingKind()) {
      case TOP_LEVEL -> false;
      case MEMBER ->
          type.getModifiers().contains(Modifier.PRIVATE)
              || (type.getEnclosingElement() instanceof TypeElement outer && isHidden(outer));
      case ANONYMOUS, LOCAL -> true;
    };
  }

  /** The value of an {@code Optional}, or empty when {@code type} is not one or a raw one. */
  public static Optional<TypeMirror> optional(TypeMirror type) {
    return is(type, Optional.class) ? Optional.ofNullable(argument(type, 0)) : Optional.empty();
  }

  /** {@code Outer_Inner}: the simple names of a class and all that encloses it. */
  public static String flatName(TypeElement type) {
    Element outer = type.getEnclosingElement();
    String own = type.getSimpleName().toString();
    return outer instanceof TypeElement enclosing ? flatName(enclosing) + "_" + own : own;
  }
}
