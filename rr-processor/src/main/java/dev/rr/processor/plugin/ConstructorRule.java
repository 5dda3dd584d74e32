package dev.rr.processor.plugin;

import dev.rr.processor.base.Diagnostics;
import dev.rr.processor.base.Lang;
import java.util.List;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;

/** A plugin has one constructor, which its package can call and which throws nothing checked. */
final class ConstructorRule implements PluginRule {
  private final Diagnostics diagnostics;
  private final Lang lang;

  ConstructorRule(Diagnostics diagnostics, Lang lang) {
    this.diagnostics = diagnostics;
    this.lang = lang;
  }

  @Override
  public void check(TypeElement type, AnnotationMirror plugin) {
    if (type.getKind() != ElementKind.CLASS) {
      return;
    }
    List<ExecutableElement> constructors = constructors(type);
    if (constructors.size() > 1) {
      diagnostics.error(
          "PluginConstructors",
          constructors.get(1),
          type.getSimpleName()
              + " has "
              + constructors.size()
              + " constructors; the one constructor says what the plugin needs: keep one, and let"
              + " tests call a static method");
      return;
    }
    ExecutableElement constructor = constructors.get(0);
    if (constructor.getModifiers().contains(Modifier.PRIVATE)) {
      diagnostics.error(
          "PluginConstructor",
          constructor,
          type.getSimpleName()
              + "'s constructor is private, so its module cannot call it; leave `private` out");
    }
    lang.checked(constructor)
        .ifPresent(thrown ->
            diagnostics.error(
                "PluginConstructor",
                constructor,
                type.getSimpleName()
                    + "'s constructor throws "
                    + thrown
                    + ", but a constructor has no side effects; move the work to init()"));
  }

  static List<ExecutableElement> constructors(TypeElement type) {
    return ElementFilter.constructorsIn(type.getEnclosedElements());
  }
}
