package dev.rr.processor.base;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.util.Optional;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/**
 * Puts carets on arguments of annotations of record components, for which javac's own messager
 * finds no more than the annotation.
 */
final class Carets {
  private final @Nullable Trees trees;

  private Carets(@Nullable Trees trees) {
    this.trees = trees;
  }

  /** Carets where the compiler is javac; none elsewhere. */
  static Carets of(ProcessingEnvironment environment) {
    try {
      return new Carets(Trees.instance(environment));
    } catch (IllegalArgumentException otherCompiler) {
      return new Carets(null);
    }
  }

  /** Reports at the argument; false when it was not found and nothing was reported. */
  boolean error(String message, Element component, AnnotationMirror annotation, String argument) {
    Element type = component.getEnclosingElement();
    Trees found = trees;
    if (found == null
        || type == null
        || !(found.getTree(component, annotation) instanceof AnnotationTree tree)) {
      return false;
    }
    TreePath path = found.getPath(type);
    Optional<ExpressionTree> value =
        tree.getArguments().stream()
            .filter(a -> names(a, argument))
            .map(a -> ((AssignmentTree) a).getExpression())
            .findFirst();
    if (path == null || value.isEmpty()) {
      return false;
    }
    found.printMessage(Diagnostic.Kind.ERROR, message, value.get(), path.getCompilationUnit());
    return true;
  }

  private static boolean names(Tree argument, String name) {
    return argument instanceof AssignmentTree assignment
        && assignment.getVariable().toString().equals(name);
  }
}
