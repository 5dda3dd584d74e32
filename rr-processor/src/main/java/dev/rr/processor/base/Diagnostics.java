package dev.rr.processor.base;

import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/**
 * Reports mistakes as compile errors. A message begins with a stable id, then the subject, what is
 * wrong with the value found, and what to write instead. Reporting never ends the check: every
 * mistake of every class is told in one compilation.
 */
public final class Diagnostics {
  private final @Nullable Messager messager;
  private final @Nullable Carets carets;
  private int errors;

  private Diagnostics(@Nullable Messager messager, @Nullable Carets carets) {
    this.messager = messager;
    this.carets = carets;
  }

  /** Reports to the compiler. */
  public static Diagnostics to(ProcessingEnvironment environment) {
    return new Diagnostics(environment.getMessager(), Carets.of(environment));
  }

  /** Counts mistakes without a word. */
  public static Diagnostics silent() {
    return new Diagnostics(null, null);
  }

  /** Reports a mistake with the caret on {@code where}. */
  public void error(String id, Element where, String message) {
    errors++;
    if (messager != null) {
      messager.printMessage(Diagnostic.Kind.ERROR, text(id, message), where);
    }
  }

  /**
   * Reports a mistake in an annotation, with the caret on its argument.
   *
   * @param argument the argument's name; the caret is on the annotation when it is not written out
   */
  public void error(
      String id, Element where, AnnotationMirror annotation, String argument, String message) {
    errors++;
    AnnotationValue value = Annotations.written(annotation, argument);
    if (messager == null) {
      return;
    }
    if (where.getKind() == ElementKind.RECORD_COMPONENT
        && carets != null
        && carets.error(text(id, message), where, annotation, argument)) {
      return;
    }
    if (value == null) {
      messager.printMessage(Diagnostic.Kind.ERROR, text(id, message), where, annotation);
    } else {
      messager.printMessage(Diagnostic.Kind.ERROR, text(id, message), where, annotation, value);
    }
  }

  /** Reports a fault of the processor itself. */
  public void internal(@Nullable Element where, Throwable fault) {
    errors++;
    StackTraceElement[] trace = fault.getStackTrace();
    String frame =
        trace.length == 0 ? "" : " in " + trace[0].getClassName() + "." + trace[0].getMethodName();
    String message =
        text("Internal", "the processor failed with " + fault + frame + "; please report this");
    if (messager == null) {
      return;
    }
    if (where == null) {
      messager.printMessage(Diagnostic.Kind.ERROR, message);
    } else {
      messager.printMessage(Diagnostic.Kind.ERROR, message, where);
    }
  }

  /** Mistakes reported so far; a reader compares it to learn whether its own check found some. */
  public int errors() {
    return errors;
  }

  private static String text(String id, String message) {
    return "[rr/" + id + "] " + message;
  }
}
