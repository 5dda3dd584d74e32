package dev.rr.processor.plugin;

import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.TypeElement;

/** One thing that has to be right about a plugin class. Reports every mistake of its kind. */
interface PluginRule {
  /** Checks a class that is marked with {@code plugin}. */
  void check(TypeElement type, AnnotationMirror plugin);
}
